//! Evaluates the rules' formulas as LLVM instructions.

use crate::llvm::{Builder, FloatPredicate, IntPredicate, Module, Opcode, Type, Value};
use crate::rules::{Arith, Binary, Callee, Lowering, Predicate};

/// Formulas at float type `ty` (a float or a vector of floats), written at `b`.
pub struct IrArith<'a> {
    pub b: &'a Builder,
    pub module: Module,
    pub ty: Type,
}

/// `term`, a product with the derivative `d`, or 0 where `d` is 0.
pub fn strong_zero(b: &Builder, d: Value, term: Value) -> Value {
    // d itself, or a constant: nothing was multiplied.
    if term == d || !term.is_instruction() {
        return term;
    }
    let zero = d.ty().const_null();
    let is_zero = b.fcmp(FloatPredicate::Oeq, d, zero);
    b.select(is_zero, zero, term)
}

/// Result `k` of a call that has `results` of them: what it returns, or a member (in some ABIs a lane) of that.
pub fn result_part(b: &Builder, whole: Value, k: usize, results: usize) -> Value {
    if whole.ty().is_aggregate() {
        b.extract_value(whole, k as u32)
    } else if results > 1 && whole.ty().is_vector() {
        b.extract_element(whole, b.context().const_i32(k as i32))
    } else {
        whole
    }
}

/// `whole` with `part` as its result `k`.
pub fn with_result_part(b: &Builder, whole: Value, part: Value, k: usize) -> Value {
    if whole.ty().is_aggregate() {
        b.insert_value(whole, part, k as u32)
    } else {
        b.insert_element(whole, part, b.context().const_i32(k as i32))
    }
}

impl IrArith<'_> {
    fn lanes(&self) -> Option<u32> {
        match self.ty.kind() {
            crate::llvm::TypeKind::Vector(n) => Some(n),
            _ => None,
        }
    }

    /// Calls a scalar function for each lane.
    fn by_lane(&self, args: &[Value], f: impl Fn(&[Value]) -> Value) -> Value {
        let Some(n) = self.lanes() else {
            return f(args);
        };
        let mut out = self.ty.poison();
        for k in 0..n {
            let lane = self.b.context().i32_type().const_int(u64::from(k));
            let args: Vec<Value> = args
                .iter()
                .map(|a| {
                    if a.ty().is_vector() {
                        self.b.extract_element(*a, lane)
                    } else {
                        *a
                    }
                })
                .collect();
            out = self.b.insert_element(out, f(&args), lane);
        }
        out
    }

    fn scalar_function(&self, name: &str, args: &[Value]) -> Value {
        self.by_lane(args, |args| {
            let types: Vec<Type> = args.iter().map(|a| a.ty()).collect();
            let ty = self.ty.scalar().function_type(&types, false);
            let f = self.module.function(name).unwrap_or_else(|| {
                let f = self.module.add_function(name, ty);
                for attribute in ["nounwind", "willreturn", "nofree", "nosync", "nocallback"] {
                    f.add_enum_attribute(crate::llvm::AttrIndex::Function, attribute);
                }
                // memory(none) is the integer 0.
                let none = crate::llvm::Attribute::enumerated(f.context(), "memory", 0);
                if let Some(none) = none {
                    f.add_attribute(crate::llvm::AttrIndex::Function, none);
                }
                f
            });
            self.b.call(ty, f.as_value(), args)
        })
    }
}

impl Arith for IrArith<'_> {
    type V = Value;

    fn constant(&mut self, value: f64) -> Value {
        let scalar = self.ty.scalar().const_f64(value);
        match self.lanes() {
            Some(n) => self.ty.const_vector(&vec![scalar; n as usize]),
            None => scalar,
        }
    }
    fn add(&mut self, a: &Value, b: &Value) -> Value {
        self.b.binary(Opcode::FAdd, *a, *b)
    }
    fn sub(&mut self, a: &Value, b: &Value) -> Value {
        self.b.binary(Opcode::FSub, *a, *b)
    }
    fn mul(&mut self, a: &Value, b: &Value) -> Value {
        self.b.binary(Opcode::FMul, *a, *b)
    }
    fn div(&mut self, a: &Value, b: &Value) -> Value {
        self.b.binary(Opcode::FDiv, *a, *b)
    }
    fn neg(&mut self, a: &Value) -> Value {
        self.b.fneg(*a)
    }

    fn call(&mut self, callee: &'static Callee, args: &[Value]) -> Value {
        let kind = self.ty.scalar().kind();
        match callee.lowering {
            Lowering::Intrinsic => {
                let mut overloaded = vec![self.ty];
                overloaded.extend(
                    args.iter()
                        .map(|a| a.ty())
                        .filter(|t| t.scalar().is_integer()),
                );
                self.b
                    .intrinsic(&format!("llvm.{}", callee.name), &overloaded, args)
            }
            Lowering::Libm => {
                let suffix = match kind {
                    crate::llvm::TypeKind::Float => "f",
                    crate::llvm::TypeKind::X86Fp80 | crate::llvm::TypeKind::Fp128 => "l",
                    _ => "",
                };
                self.scalar_function(&format!("{}{suffix}", callee.name), args)
            }
            Lowering::Runtime => match kind {
                crate::llvm::TypeKind::Float => {
                    self.scalar_function(&format!("enzyme_rs.{}.f32", callee.name), args)
                }
                crate::llvm::TypeKind::Double => {
                    self.scalar_function(&format!("enzyme_rs.{}.f64", callee.name), args)
                }
                _ => {
                    let double = self.b.context().double_type();
                    let own = self.ty;
                    let wide = matches!(
                        kind,
                        crate::llvm::TypeKind::X86Fp80 | crate::llvm::TypeKind::Fp128
                    );
                    let (to, back) = if wide {
                        (Opcode::FPTrunc, Opcode::FPExt)
                    } else {
                        (Opcode::FPExt, Opcode::FPTrunc)
                    };
                    let args: Vec<Value> =
                        args.iter().map(|a| self.b.cast(to, *a, double)).collect();
                    let inner = IrArith {
                        b: self.b,
                        module: self.module,
                        ty: double,
                    };
                    let r = inner.scalar_function(&format!("enzyme_rs.{}.f64", callee.name), &args);
                    self.b.cast(back, r, own)
                }
            },
        }
    }

    fn compare(&mut self, predicate: Predicate, a: &Value, b: &Value) -> Value {
        let p = match predicate {
            Predicate::Eq => FloatPredicate::Oeq,
            Predicate::Ne => FloatPredicate::Une,
            Predicate::Lt => FloatPredicate::Olt,
            Predicate::Le => FloatPredicate::Ole,
            Predicate::Gt => FloatPredicate::Ogt,
            Predicate::Ge => FloatPredicate::Oge,
        };
        self.b.fcmp(p, *a, *b)
    }
    fn and(&mut self, a: &Value, b: &Value) -> Value {
        self.b.binary(Opcode::And, *a, *b)
    }
    fn or(&mut self, a: &Value, b: &Value) -> Value {
        self.b.binary(Opcode::Or, *a, *b)
    }
    fn select(&mut self, condition: &Value, a: &Value, b: &Value) -> Value {
        self.b.select(*condition, *a, *b)
    }
    fn int_constant(&mut self, value: i64, like: &Value) -> Value {
        like.ty().const_int_signed(value)
    }
    fn int_binary(&mut self, op: Binary, a: &Value, b: &Value) -> Value {
        let op = match op {
            Binary::Add => Opcode::Add,
            Binary::Sub => Opcode::Sub,
            Binary::Mul => Opcode::Mul,
            Binary::Div => Opcode::SDiv,
        };
        self.b.binary(op, *a, *b)
    }
    fn int_compare(&mut self, predicate: Predicate, a: &Value, b: &Value) -> Value {
        let p = match predicate {
            Predicate::Eq => IntPredicate::Eq,
            Predicate::Ne => IntPredicate::Ne,
            Predicate::Lt => IntPredicate::Slt,
            Predicate::Le => IntPredicate::Sle,
            Predicate::Gt => IntPredicate::Sgt,
            Predicate::Ge => IntPredicate::Sge,
        };
        self.b.icmp(p, *a, *b)
    }
    fn int_to_float(&mut self, a: &Value) -> Value {
        if !a.ty().is_vector()
            && let Some(n) = self.lanes()
        {
            let scalar = self.b.cast(Opcode::SIToFP, *a, self.ty.scalar());
            return self.b.splat(scalar, n);
        }
        self.b.cast(Opcode::SIToFP, *a, self.ty)
    }
}
