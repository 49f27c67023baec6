//! Takes the snapshot: one walk over a prepared function of LLVM's.

use rustc_hash::FxHashMap;

use super::op::AllocFn;
use super::{
    Block, BlockId, Body, CallOp, Callee, CastKind, Const, Counter, Def, FloatBin, FloatKind,
    IntBin, LoopId, Op, Param, Rmw, Scopes, TyId, TyKind, Types, Value, ValueId, cfg, variables,
};
use crate::emit::runtime::{TapeCall, tape_call};
use crate::llvm::{
    self, AllocKind, AttrIndex, Function, Module, Opcode, RmwOp, TypeKind, ValueKind,
};
use crate::prepare::Prepared;
use crate::registry;
use crate::rules;

/// A snapshot and the LLVM value of each of its values.
pub struct Snapshot {
    pub body: Body,
    pub llvm: Vec<llvm::Value>,
    pub ids: FxHashMap<llvm::Value, ValueId>,
    pub llvm_blocks: Vec<llvm::Block>,
    pub block_ids: FxHashMap<llvm::Block, BlockId>,
}

pub(super) struct Builder {
    pub(super) module: Module,
    types: Types,
    values: Vec<Value>,
    pub(super) llvm: Vec<llvm::Value>,
    pub(super) ids: FxHashMap<llvm::Value, ValueId>,
    block_ids: FxHashMap<llvm::Block, BlockId>,
    variables: FxHashMap<ValueId, variables::Variable>,
    /// No optimiser had seen the function: members of classes are not inlined.
    unoptimised: bool,
}

/// Takes the snapshot of a prepared function.
pub fn snapshot(module: Module, prepared: &Prepared) -> Snapshot {
    let f = prepared.function;
    let mut b = Builder {
        module,
        types: Types::default(),
        values: Vec::new(),
        llvm: Vec::new(),
        ids: FxHashMap::default(),
        block_ids: FxHashMap::default(),
        variables: FxHashMap::default(),
        unoptimised: prepared.unoptimised,
    };
    let params: Vec<ValueId> = f
        .params()
        .iter()
        .enumerate()
        .map(|(i, p)| b.add(*p, Def::Arg(i as u32)))
        .collect();
    let llvm_blocks = f.blocks();
    for (i, block) in llvm_blocks.iter().enumerate() {
        b.block_ids.insert(*block, BlockId::new(i));
    }
    // Ids first, so that phis and loops can name what comes later.
    for block in &llvm_blocks {
        for inst in block.instructions() {
            let id = b.block_ids[block];
            b.add(
                inst,
                Def::Inst {
                    op: Op::Dead,
                    block: id,
                },
            );
        }
    }
    let mut blocks = Vec::new();
    let mut returns = Vec::new();
    for block in &llvm_blocks {
        let id = b.block_ids[block];
        let mut insts = Vec::new();
        for inst in block.instructions() {
            let op = b.op(inst);
            let v = b.ids[&inst];
            b.values[v.index()].def = Def::Inst { op, block: id };
            insts.push(v);
        }
        let ids = |list: Vec<llvm::Block>| list.iter().map(|x| b.block_ids[x]).collect::<Vec<_>>();
        returns.push(block.terminator().is_some_and(|t| t.is_op(Opcode::Ret)));
        let mut preds = ids(block.predecessors());
        preds.sort();
        preds.dedup();
        blocks.push(Block {
            name: block.name(),
            insts,
            preds,
            succs: ids(block.successors()),
        });
    }
    let cfg = cfg::Cfg::new(&blocks, &returns);
    let counters = b.counters(prepared, &cfg);
    let mut which = vec![None; blocks.len()];
    for (block, phi) in &prepared.which {
        which[b.block_ids[block].index()] = Some(b.ids[phi]);
    }
    let closed_forms = prepared
        .closed_forms
        .iter()
        .map(|(phi, value)| (b.ids[phi], b.operand(*value)))
        .collect();
    let scopes = b.scopes(f);
    let notes = b.notes(f, &params);
    let text = b.text(f);
    let param_info = (0..params.len())
        .map(|i| Param {
            noalias: f.has_attribute(AttrIndex::Param(i as u32), "noalias"),
        })
        .collect();
    let ret_ty = b.ty(f.return_type());
    let globals: Vec<llvm::Value> = b.variables.keys().map(|v| b.llvm[v.index()]).collect();
    let body = Body {
        name: f.name(),
        initial: variables::addresses(module, &globals),
        types: b.types,
        values: b.values,
        blocks,
        params,
        param_info,
        ret_ty,
        cfg,
        counters,
        which,
        closed_forms,
        scopes,
        variables: b.variables,
        notes,
        text,
        only_doubles: false,
    };
    Snapshot {
        body,
        llvm: b.llvm,
        ids: b.ids,
        llvm_blocks,
        block_ids: b.block_ids,
    }
}

impl Builder {
    fn add(&mut self, v: llvm::Value, def: Def) -> ValueId {
        let ty = self.ty(v.ty());
        let id = ValueId::new(self.values.len());
        self.values.push(Value { ty, def });
        self.llvm.push(v);
        self.ids.insert(v, id);
        id
    }

    fn ty(&mut self, t: llvm::Type) -> TyId {
        let sized = t.is_sized();
        let scalable = matches!(t.kind(), TypeKind::ScalableVector(_));
        let bytes = if sized && !scalable {
            self.module.store_size(t)
        } else {
            0
        };
        let kind = match t.kind() {
            TypeKind::Void => TyKind::Void,
            TypeKind::Half => TyKind::Float(FloatKind::Half),
            TypeKind::BFloat => TyKind::Float(FloatKind::BFloat),
            TypeKind::Float => TyKind::Float(FloatKind::F32),
            TypeKind::Double => TyKind::Float(FloatKind::F64),
            TypeKind::X86Fp80 => TyKind::Float(FloatKind::X86Fp80),
            TypeKind::Fp128 => TyKind::Float(FloatKind::Fp128),
            TypeKind::PpcFp128 => TyKind::Float(FloatKind::PpcFp128),
            TypeKind::Integer(bits) => TyKind::Int { bits },
            TypeKind::Pointer(_) => TyKind::Ptr,
            TypeKind::Vector(count) => TyKind::Vector {
                elem: self.ty(t.element()),
                count: u64::from(count),
            },
            TypeKind::Array(count) => {
                let stride = self.module.abi_size(t.element());
                TyKind::Array {
                    elem: self.ty(t.element()),
                    count,
                    stride,
                }
            }
            TypeKind::Struct if sized => {
                let fields = t.fields();
                let fields = fields
                    .into_iter()
                    .enumerate()
                    .map(|(i, field)| (self.module.field_offset(t, i as u32), self.ty(field)))
                    .collect();
                TyKind::Struct { fields }
            }
            TypeKind::Struct
            | TypeKind::Label
            | TypeKind::Function
            | TypeKind::ScalableVector(_)
            | TypeKind::Metadata
            | TypeKind::Token
            | TypeKind::TargetExt
            | TypeKind::X86Amx
            | TypeKind::Other => TyKind::Other,
        };
        self.types.intern(super::types::Ty { kind, bytes })
    }

    fn operand(&mut self, v: llvm::Value) -> ValueId {
        if let Some(id) = self.ids.get(&v) {
            return *id;
        }
        let def = match v.kind() {
            ValueKind::ConstantInt => Def::Const(integer(v).map_or(Const::Data, Const::Int)),
            ValueKind::ConstantFp => {
                Def::Const(v.const_f64().map_or(Const::Data, |(x, _)| Const::Float(x)))
            }
            ValueKind::ConstantNull => Def::Const(Const::Null),
            ValueKind::Undef | ValueKind::Poison => Def::Const(Const::Undef),
            ValueKind::ConstantDataVector => {
                let lanes: Option<Vec<i128>> = match v.ty().kind() {
                    TypeKind::Vector(n) if v.ty().scalar().is_integer() => {
                        (0..n).map(|k| integer(v.aggregate_element(k)?)).collect()
                    }
                    _ => None,
                };
                Def::Const(lanes.map_or(Const::Data, Const::Integers))
            }
            ValueKind::ConstantDataArray => Def::Const(Const::Data),
            ValueKind::ConstantAggregate(_) => {
                let parts = v.operands().into_iter().map(|p| self.operand(p)).collect();
                Def::Const(Const::Aggregate(parts))
            }
            ValueKind::Function => Def::Function { name: v.name() },
            ValueKind::GlobalVariable => {
                let id = self.add(
                    v,
                    Def::Global {
                        name: v.name(),
                        constant: v.is_constant_global(),
                    },
                );
                self.variables.insert(id, variables::describe(v));
                return id;
            }
            ValueKind::ConstantExpr(Opcode::IntToPtr)
                if v.operand(0).kind() == ValueKind::ConstantInt =>
            {
                Def::Const(
                    v.operand(0)
                        .const_i64()
                        .map_or(Const::Data, |n| Const::Int(i128::from(n))),
                )
            }
            ValueKind::ConstantExpr(_)
            | ValueKind::GlobalAlias
            | ValueKind::GlobalIFunc
            | ValueKind::BlockAddress
            | ValueKind::InlineAsm
            | ValueKind::Metadata
            | ValueKind::Argument
            | ValueKind::Instruction(_)
            | ValueKind::Block
            | ValueKind::Other(_) => Def::Const(Const::Opaque),
        };
        self.add(v, def)
    }

    fn op(&mut self, i: llvm::Value) -> Op {
        let opcode = i.opcode().expect("an instruction");
        // Nothing here knows how many floats such a value holds.
        let odd = |t: llvm::Type| {
            matches!(
                t.kind(),
                TypeKind::ScalableVector(_) | TypeKind::X86Amx | TypeKind::TargetExt
            )
        };
        let grows = opcode == Opcode::Alloca && i.allocated_type().is_scalable();
        let holds = odd(i.ty()) || i.operands().iter().any(|v| odd(v.ty()));
        if grows || holds && !opcode.is_terminator() {
            let name = format!("{opcode:?} of a type of unknown size").to_lowercase();
            return self.unsupported(i, &name);
        }
        let two = |this: &mut Self| (this.operand(i.operand(0)), this.operand(i.operand(1)));
        match opcode {
            Opcode::FAdd | Opcode::FSub | Opcode::FMul | Opcode::FDiv | Opcode::FRem => {
                let bin = match opcode {
                    Opcode::FAdd => FloatBin::Add,
                    Opcode::FSub => FloatBin::Sub,
                    Opcode::FMul => FloatBin::Mul,
                    Opcode::FDiv => FloatBin::Div,
                    _ => FloatBin::Rem,
                };
                let (a, b) = two(self);
                Op::FloatBin(bin, a, b)
            }
            Opcode::FNeg => Op::FNeg(self.operand(i.operand(0))),
            Opcode::Add
            | Opcode::Sub
            | Opcode::Mul
            | Opcode::UDiv
            | Opcode::SDiv
            | Opcode::URem
            | Opcode::SRem
            | Opcode::Shl
            | Opcode::LShr
            | Opcode::AShr
            | Opcode::And
            | Opcode::Or
            | Opcode::Xor => {
                let bin = match opcode {
                    Opcode::Add => IntBin::Add,
                    Opcode::Sub => IntBin::Sub,
                    Opcode::Mul => IntBin::Mul,
                    Opcode::UDiv => IntBin::UDiv,
                    Opcode::SDiv => IntBin::SDiv,
                    Opcode::URem => IntBin::URem,
                    Opcode::SRem => IntBin::SRem,
                    Opcode::Shl => IntBin::Shl,
                    Opcode::LShr => IntBin::LShr,
                    Opcode::AShr => IntBin::AShr,
                    Opcode::And => IntBin::And,
                    Opcode::Or => IntBin::Or,
                    _ => IntBin::Xor,
                };
                let (a, b) = two(self);
                Op::IntBin(bin, a, b)
            }
            Opcode::ICmp => {
                let (a, b) = two(self);
                Op::ICmp(a, b)
            }
            Opcode::FCmp => {
                let (a, b) = two(self);
                Op::FCmp(a, b)
            }
            Opcode::Select => {
                let (cond, on_true) = two(self);
                Op::Select {
                    cond,
                    on_true,
                    on_false: self.operand(i.operand(2)),
                }
            }
            Opcode::Phi => Op::Phi(
                i.incoming()
                    .into_iter()
                    .map(|(v, b)| (self.block_ids[&b], self.operand(v)))
                    .collect(),
            ),
            Opcode::Trunc => self.cast(i, CastKind::Trunc),
            Opcode::ZExt => self.cast(i, CastKind::ZExt),
            Opcode::SExt => self.cast(i, CastKind::SExt),
            Opcode::FPTrunc => self.cast(i, CastKind::FpTrunc),
            Opcode::FPExt => self.cast(i, CastKind::FpExt),
            Opcode::FPToUI | Opcode::FPToSI => self.cast(i, CastKind::FpToInt),
            Opcode::UIToFP | Opcode::SIToFP => self.cast(i, CastKind::IntToFp),
            Opcode::PtrToInt | Opcode::PtrToAddr => self.cast(i, CastKind::PtrToInt),
            Opcode::IntToPtr => self.cast(i, CastKind::IntToPtr),
            Opcode::BitCast => self.cast(i, CastKind::Bitcast),
            Opcode::AddrSpaceCast => self.cast(i, CastKind::AddrSpace),
            Opcode::Freeze => Op::Freeze(self.operand(i.operand(0))),
            Opcode::Alloca => {
                let count = self.operand(i.alloca_count());
                let n = i.alloca_count().const_u64();
                let size = n.and_then(|n| n.checked_mul(self.module.abi_size(i.allocated_type())));
                Op::Alloca { size, count }
            }
            Opcode::Load => Op::Load {
                ptr: self.operand(i.operand(0)),
                volatile: i.is_volatile() || i.is_atomic(),
            },
            Opcode::Store => {
                let (value, ptr) = two(self);
                Op::Store { ptr, value }
            }
            Opcode::GetElementPtr => match i.gep_decompose(self.module) {
                Some(parts) => Op::Gep {
                    base: self.operand(parts.base),
                    offset: parts.offset,
                    indices: parts
                        .terms
                        .iter()
                        .map(|(v, s)| (self.operand(*v), *s))
                        .collect(),
                },
                None => self.unsupported(i, "getelementptr on a vector of pointers"),
            },
            Opcode::ExtractValue => {
                let offset = self.field_offset(i.operand(0).ty(), &i.indices());
                Op::ExtractValue {
                    from: self.operand(i.operand(0)),
                    offset,
                }
            }
            Opcode::InsertValue => {
                let offset = self.field_offset(i.operand(0).ty(), &i.indices());
                let (into, value) = two(self);
                Op::InsertValue {
                    into,
                    value,
                    offset,
                }
            }
            Opcode::ExtractElement => {
                let (from, index) = two(self);
                Op::ExtractElement { from, index }
            }
            Opcode::InsertElement => {
                let (into, value) = two(self);
                Op::InsertElement {
                    into,
                    value,
                    index: self.operand(i.operand(2)),
                }
            }
            Opcode::ShuffleVector => {
                let (a, b) = two(self);
                Op::Shuffle {
                    a,
                    b,
                    mask: i.shuffle_mask(),
                }
            }
            Opcode::AtomicRmw => {
                let (ptr, value) = two(self);
                let rmw = match i.rmw_op() {
                    RmwOp::Xchg => Rmw::Exchange,
                    RmwOp::FAdd => Rmw::Add,
                    RmwOp::FSub => Rmw::Sub,
                    RmwOp::FMin => Rmw::Min,
                    RmwOp::FMax => Rmw::Max,
                    RmwOp::Add | RmwOp::Sub => Rmw::Count,
                    _ => Rmw::Other,
                };
                Op::AtomicRmw { ptr, value, rmw }
            }
            Opcode::AtomicCmpXchg => {
                let (ptr, expected) = two(self);
                Op::CmpXchg {
                    ptr,
                    expected,
                    new: self.operand(i.operand(2)),
                }
            }
            Opcode::Fence => Op::Fence,
            Opcode::LandingPad => Op::LandingPad,
            Opcode::Br => match i.condition() {
                Some(c) => Op::CondBr(self.operand(c)),
                None => Op::Br,
            },
            Opcode::Switch => {
                let on = self.operand(i.operand(0));
                let cases = i
                    .switch_cases()
                    .into_iter()
                    .map(|(v, b)| (i128::from(v.const_i64().unwrap_or(0)), self.block_ids[&b]))
                    .collect();
                Op::Switch {
                    on,
                    cases,
                    default: self.block_ids[&i.switch_default()],
                }
            }
            Opcode::Ret => Op::Ret((i.num_operands() > 0).then(|| self.operand(i.operand(0)))),
            Opcode::Unreachable | Opcode::Resume => Op::Dead,
            Opcode::Call | Opcode::Invoke => self.call(i),
            Opcode::IndirectBr
            | Opcode::CleanupRet
            | Opcode::CatchRet
            | Opcode::CatchPad
            | Opcode::CleanupPad
            | Opcode::CatchSwitch
            | Opcode::CallBr
            | Opcode::VAArg
            | Opcode::UserOp1
            | Opcode::UserOp2
            | Opcode::Other(_) => self.unsupported(i, &format!("{opcode:?}").to_lowercase()),
        }
    }

    fn unsupported(&mut self, i: llvm::Value, name: &str) -> Op {
        let operands = i.operands();
        let values = operands
            .into_iter()
            .filter(|v| !matches!(v.kind(), ValueKind::Block | ValueKind::Metadata));
        Op::Unsupported(name.to_owned(), values.map(|v| self.operand(v)).collect())
    }

    fn cast(&mut self, i: llvm::Value, kind: CastKind) -> Op {
        Op::Cast(kind, self.operand(i.operand(0)))
    }

    fn field_offset(&self, ty: llvm::Type, indices: &[u32]) -> u64 {
        let mut at = 0;
        let mut ty = ty;
        for &i in indices {
            at += match ty.kind() {
                TypeKind::Struct => self.module.field_offset(ty, i),
                _ => self.module.abi_size(ty.element()) * u64::from(i),
            };
            ty = ty.member(i);
        }
        at
    }

    fn call(&mut self, i: llvm::Value) -> Op {
        let args: Vec<ValueId> = i.args().into_iter().map(|a| self.operand(a)).collect();
        match i
            .intrinsic_name()
            .as_deref()
            .map(|n| n.split('.').nth(1).unwrap_or("").to_owned())
        {
            Some(name) if name == "memcpy" || name == "memmove" => {
                let moving = name == "memmove";
                return Op::MemCopy {
                    dst: args[0],
                    src: args[1],
                    len: args[2],
                    moving,
                };
            }
            Some(name) if name == "memset" => {
                return Op::MemSet {
                    dst: args[0],
                    byte: args[1],
                    len: args[2],
                };
            }
            // These belong to the one function and the one block that they are in: a copy of them is not valid.
            Some(name) if name == "localescape" || name == "coro" => {
                return self.unsupported(i, &format!("llvm.{name}"));
            }
            _ => {}
        }
        let effects = i.memory_effects();
        let invoke = i.is_invoke().then(|| {
            (
                self.block_ids[&i.normal_dest()],
                self.block_ids[&i.unwind_dest()],
            )
        });
        let mut callee = classify(i);
        if let Callee::Indirect { .. } = callee {
            callee = Callee::Indirect {
                target: self.operand(i.callee()),
            };
        }
        let told = registry::text(i, registry::INACTIVE).is_some();
        let writes_anywhere = told && matches!(callee, Callee::Inactive) && !effects.only_reads();
        let of_bits = i.intrinsic_name().is_some_and(|n| {
            rules::inactive_function(&n, None) == Some(rules::Inactive::IfInteger)
        });
        let of_text = |is: fn(&str) -> bool| i.called_function().is_some_and(|f| is(&f.name()));
        Op::Call(CallOp {
            writes_anywhere,
            moves_text: of_text(super::text::moves_characters) && !self.unoptimised,
            takes_text: of_text(super::text::takes_characters),
            of_bits,
            by_rule: i.called_function().is_some_and(registry::is_custom),
            callee,
            args,
            invoke,
            reads_only: effects.only_reads(),
            no_memory: effects.none(),
        })
    }

    fn counters(&mut self, prepared: &Prepared, cfg: &cfg::Cfg) -> Vec<Counter> {
        cfg.loops()
            .map(|(l, info): (LoopId, &cfg::Loop)| {
                let found = prepared
                    .loops
                    .iter()
                    .find(|p| self.block_ids[&p.header] == info.header);
                let p = found.unwrap_or_else(|| panic!("{l:?} has no counter"));
                Counter {
                    iv: self.ids[&p.iv],
                    backedge_count: p.count.map(|c| self.operand(c.count)),
                    count_holds: p
                        .count
                        .and_then(|c| cfg.loop_with_header(self.block_ids[&c.holds]))
                        .unwrap_or(l),
                    count_if_entered: p.count.is_some_and(|c| c.if_entered),
                    exit_counts: p
                        .exit_counts
                        .iter()
                        .map(|(b, phi)| (self.block_ids[b], self.ids[phi]))
                        .collect(),
                }
            })
            .collect()
    }

    fn scopes(&mut self, f: Function) -> Scopes {
        let mut scopes = Scopes::default();
        for inst in f.instructions() {
            let v = self.ids[&inst];
            for (kind, into) in [("alias.scope", true), ("noalias", false)] {
                let Some(list) = inst.metadata(kind) else {
                    continue;
                };
                let mut ids = Vec::new();
                for scope in list.scopes() {
                    ids.push(scope.id());
                    if let Some(domain) = scope.scope_domain() {
                        scopes.domain.insert(scope.id(), domain.id());
                    }
                }
                let map = if into {
                    &mut scopes.alias_scope
                } else {
                    &mut scopes.noalias
                };
                map.insert(v, ids);
            }
            let declares = inst.is_op(Opcode::Call)
                && inst
                    .intrinsic_name()
                    .is_some_and(|n| n.starts_with("llvm.experimental.noalias.scope.decl"));
            if declares {
                let block = self.block_ids[&inst.parent_block().expect("instructions have blocks")];
                if let Some(list) = inst.arg(0).metadata_operand() {
                    for scope in list.scopes() {
                        scopes.declared_in.insert(scope.id(), block);
                    }
                }
            }
        }
        scopes
    }
}

/// An integer constant of at most 128 bits, or whose other bits are zero; sign extended.
fn integer(v: llvm::Value) -> Option<i128> {
    if let Some(n) = v.const_i64() {
        return Some(i128::from(n));
    }
    let words = v.const_words()?;
    let (low, high) = (*words.first()?, words.get(1).copied().unwrap_or(0));
    if words.iter().skip(2).any(|w| *w != 0) {
        return None;
    }
    let bits = v.ty().int_width()?.min(128);
    let n = (u128::from(high) << 64 | u128::from(low)) << (128 - bits);
    Some(n as i128 >> (128 - bits))
}

/// Resolves what a call instruction calls.
pub fn classify(i: llvm::Value) -> Callee {
    // What the user says of a function comes before what its name or its body says.
    let function = i.called_function();
    if function.is_some_and(registry::is_custom) {
        let name = function.expect("checked").name();
        return Callee::Defined { name };
    }
    if registry::text(i, registry::INACTIVE).is_some() {
        return Callee::Inactive;
    }
    if i.is_inline_asm_call() {
        return Callee::InlineAsm;
    }
    let Some(f) = function else {
        return Callee::Indirect { target: ValueId(0) };
    };
    let name = f.name();
    if super::notes::hint_of(i).is_some() {
        return Callee::Hint;
    }
    if registry::is_detach(&name) {
        return Callee::Inactive;
    }
    if let Some(rule) = registry::text(i, registry::MATH)
        && let Some(rule) = rules::lookup_function(&rule)
        && i.arg_count() as usize == rule.arity()
    {
        return Callee::Math(rule);
    }
    if let Some(call) = tape_call(&name) {
        return match call {
            TapeCall::Makes => Callee::Alloc(AllocFn {
                zeroed: false,
                size_args: (1, None),
            }),
            TapeCall::FreesArena => Callee::Dealloc { ptr_arg: 0 },
            TapeCall::DefersFree => Callee::Dealloc { ptr_arg: 1 },
            TapeCall::Books => Callee::Hint,
        };
    }
    if let Some(alloc) = allocation(i, f, &name) {
        return alloc;
    }
    if let Some(intrinsic) = name.strip_prefix("llvm.") {
        if intrinsic.starts_with("lifetime.start") {
            return Callee::LifetimeStart;
        }
        if intrinsic.starts_with("vector.reduce.fadd") {
            return Callee::ReduceFAdd;
        }
    }
    let demangled = rustc_demangle::try_demangle(&name)
        .ok()
        .map(|d| format!("{d:#}"));
    // A function that the program defines under a name that C does not reserve is the program's own.
    let own = f.has_exact_body() && !rules::is_reserved(&name);
    let inactive = rules::inactive_function(&name, demangled.as_deref());
    if let Some(kind) = inactive.filter(|_| !own) {
        return match kind {
            rules::Inactive::NoEffect => Callee::Hint,
            rules::Inactive::ResultInactive
            | rules::Inactive::IfInteger
            | rules::Inactive::Effect => Callee::Inactive,
        };
    }
    if let Some(rule) = rules::lookup_function(&name) {
        let ours = f.is_declaration() || matches!(rule.form, rules::Form::Runtime);
        if ours && i.arg_count() as usize == rule.arity() {
            return Callee::Math(rule);
        }
    }
    if f.is_declaration() {
        Callee::External { name }
    } else {
        Callee::Defined { name }
    }
}

fn allocation(i: llvm::Value, f: Function, name: &str) -> Option<Callee> {
    if let Some(sizes) = registry::text(i, registry::ALLOCATOR) {
        let mut sizes = sizes.split(',').map(|n| n.trim().parse().unwrap_or(0));
        let size_args = (sizes.next().unwrap_or(0), sizes.next());
        return Some(Callee::Alloc(AllocFn {
            zeroed: false,
            size_args,
        }));
    }
    if let Some(memory) = registry::text(i, registry::FREES) {
        return Some(Callee::Dealloc {
            ptr_arg: memory.parse().unwrap_or(0),
        });
    }
    let kind = i.call_alloc_kind().or_else(|| f.alloc_kind());
    if let Some(kind) = kind {
        if kind.has(AllocKind::FREE) {
            return Some(Callee::Dealloc {
                ptr_arg: alloc_ptr(i, f),
            });
        }
        let size = i.call_alloc_size().or_else(|| f.alloc_size());
        if let Some(size) = size {
            if kind.has(AllocKind::REALLOC) && size.1.is_none() {
                return Some(Callee::Realloc {
                    ptr_arg: alloc_ptr(i, f),
                    size_arg: size.0,
                });
            }
            if kind.has(AllocKind::ALLOC) {
                let zeroed = kind.has(AllocKind::ZEROED);
                return Some(Callee::Alloc(AllocFn {
                    zeroed,
                    size_args: size,
                }));
            }
        }
    }
    if !f.is_declaration() {
        return None;
    }
    // C and C++ allocators in IR whose attributes were not inferred.
    let alloc = |zeroed, size_args| Some(Callee::Alloc(AllocFn { zeroed, size_args }));
    match name {
        "malloc" => alloc(false, (0, None)),
        "calloc" => alloc(true, (0, Some(1))),
        "valloc" | "pvalloc" => alloc(false, (0, None)),
        "aligned_alloc" | "memalign" => alloc(false, (1, None)),
        "realloc" => Some(Callee::Realloc {
            ptr_arg: 0,
            size_arg: 1,
        }),
        "free" | "cfree" => Some(Callee::Dealloc { ptr_arg: 0 }),
        // `operator new` and `new[]` of a size in 64 or 32 bits: plain, aligned, nothrow.
        _ if name.starts_with("_Znw") || name.starts_with("_Zna") => alloc(false, (0, None)),
        // `operator delete` and `delete[]`: plain, sized, aligned, nothrow.
        _ if name.starts_with("_ZdlPv") || name.starts_with("_ZdaPv") => {
            Some(Callee::Dealloc { ptr_arg: 0 })
        }
        _ => None,
    }
}

fn alloc_ptr(i: llvm::Value, f: Function) -> u32 {
    (0..i.arg_count())
        .find(|k| {
            i.arg_has_attr(*k, "allocptr") || f.has_attribute(AttrIndex::Param(*k), "allocptr")
        })
        .unwrap_or(0)
}
