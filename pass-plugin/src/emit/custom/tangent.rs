//! Forward mode by the user's rule.

use super::*;

/// Forward mode: the rule is called once for each lane; `before` is the augmented function whose tape it reads.
pub(super) fn forward(
    f: Function,
    sig: &Signature,
    rule: Function,
    fit: &Fit,
    before: Option<(Function, &Fit)>,
    function: Function,
) -> Result<(), Refusal> {
    let module = f.module();
    let ret = f.return_type();
    let (size, align) = match ret.is_void() {
        true => (0, 1),
        false => (module.abi_size(ret), u64::from(module.abi_align(ret))),
    };
    let bytes = returned(rule).map_or(0, |ty| module.abi_size(ty));
    if bytes < size {
        return Err(refuse(
            f,
            rule,
            format!("returns {bytes} bytes, but the derivative of the result are {size}"),
        )
        .help("it returns the tangent of the result, or the result and its tangent"));
    }
    let b = Builder::at_end(function.append_block("entry"));
    let given = function.params();
    let mut value: Option<Value> = None;
    let mut tangents = Vec::new();
    for lane in 0..sig.width {
        let args = pairs(f, sig, &given, lane);
        let mut values = leading(&b, fit, &args);
        if let Some((augmented, fit)) = before {
            let tape = self::values(rule).split_off(values.len());
            let mut image = Image::of(module, &tape);
            let room = returned(augmented).map_or(0, |ty| module.abi_size(ty));
            if image.bytes > room {
                let what = format!("returns no tape of {} bytes", image.bytes);
                return Err(refuse(f, augmented, what));
            }
            let place = call_rule(&b, augmented, leading(&b, fit, &args), 0);
            for (ty, offset) in tape.iter().zip(&image.offsets) {
                values.push(b.load(*ty, at(&b, place, *offset), 1, false));
            }
            let offset = image.push(size, align);
            if size > 0 && offset + size <= room && value.is_none() {
                value = Some(b.load(ret, at(&b, place, offset), 1, false));
            }
        }
        // The function itself first: what it reads, the rule may overwrite.
        if size > 0 && bytes < 2 * size && value.is_none() {
            value = Some(b.call_function(f, &primal_values(f, sig, &given)));
        }
        let place = call_rule(&b, rule, values, 0);
        if size == 0 {
            continue;
        }
        let mut offset = 0;
        if bytes >= 2 * size {
            value.get_or_insert_with(|| b.load(ret, place, 1, false));
            offset = size.next_multiple_of(align);
        }
        tangents.push(b.load(ret, at(&b, place, offset), 1, false));
    }
    let ty = function.return_type();
    let mut out = ty.poison();
    let active = sig.ret != RetActivity::Const;
    let tangents = tangents.into_iter().filter(|_| active);
    for (i, result) in value.into_iter().chain(tangents).enumerate() {
        out = b.insert_value(out, result, i as u32);
    }
    b.ret(out);
    Ok(())
}
