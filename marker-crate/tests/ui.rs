//! Each misuse of an attribute is an error that says what is wrong, where it is wrong.

#[test]
fn misuses_are_errors() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

/// What depends on generic types is found when code is generated.
///
/// trybuild generates code only when some test must pass, hence the program that nothing is wrong with.
#[test]
fn types_that_do_not_fit_are_errors_when_built() {
    let tests = trybuild::TestCases::new();
    tests.pass("tests/ui/built/uncalled.rs");
    tests.pass("tests/ui/built/rule_names.rs");
    tests.compile_fail("tests/ui/built/owned.rs");
    tests.compile_fail("tests/ui/built/owned_result.rs");
    tests.compile_fail("tests/ui/built/no_zero.rs");
    tests.compile_fail("tests/ui/built/rule_of_vector.rs");
}
