//! `dynamic_cast`: whether it succeeds is asked of the run-time library, but what it gives is the same object, at an
//! offset that the call itself tells where the cast is one from a base to a derived class.

use crate::llvm::{AttrIndex, Attribute, Builder, Function, IntPredicate, Opcode};
use crate::registry;

/// Writes the results of casts down as addresses in the object that is cast.
pub fn spell_out_casts(f: Function) {
    for call in f.instructions() {
        let is_cast = call.is_op(Opcode::Call)
            && call
                .called_function()
                .is_some_and(|callee| callee.name() == "__dynamic_cast");
        if !is_cast || call.arg_count() != 4 {
            continue;
        }
        // Where the base lies in the derived class; negative where there is no such place, or more than one.
        let Some(offset @ 0..) = call.arg(3).const_i64() else {
            continue;
        };
        let Some(next) = call.next() else {
            continue;
        };
        let uses = call.uses();
        // All that is left of the call is whether it succeeds.
        let inactive = Attribute::string(f.context(), registry::INACTIVE, "");
        call.add_call_attribute(AttrIndex::Function, inactive);
        let b = Builder::before(next);
        let null = call.ty().const_null();
        let failed = b.icmp(IntPredicate::Eq, call, null);
        let back = b.context().i64_type().const_int_signed(-offset);
        let object = b.ptr_add(call.arg(0), back);
        let result = b.select(failed, null, object);
        for usage in uses {
            usage.user.set_operand(usage.operand, result);
        }
    }
}
