//! What the forward sweep keeps for the reverse sweep, as the plan says.

use super::*;

/// The memory of a flat cache, of one kind of values.
#[derive(Clone, Copy)]
struct Flat {
    element: Element,
    base: Value,
    /// The number of iterations.
    n: Value,
    /// Its base is in its place already.
    late: bool,
}

/// What values that are saved in loops are stored in.
#[derive(Default)]
struct Memory {
    flat: FxHashMap<(LoopId, Element), Flat>,
    records: FxHashMap<LoopId, Value>,
    /// Where a header's record can be written to: behind the instruction that made it the newest.
    ready: FxHashMap<Block, Value>,
}

impl Reverse<'_> {
    /// Stores in the forward sweep what the plan says is saved.
    pub(super) fn save_values(&mut self) -> Result<(), Refusal> {
        let facts = self.facts;
        let mut needs: Vec<(Need, usize)> = self.params_kept.iter().copied().collect();
        needs.sort();
        for (need, lane) in needs {
            let b = self.fwd.at_start();
            let value = match need {
                Need::Primal(v) => self.fwd.value(facts, v),
                Need::Shadow(v) => self.shadows[lane].of(facts, &self.fwd, &b, v)?,
                Need::Tape(_) | Need::Base(..) => unreachable!("only values are parameters"),
            };
            let ty = cache::stored_type(facts, need);
            let key = Key::Need(need, lane);
            let place = self.top.pointer(facts, key, ty, Side::Forward);
            cache::put(&self.fwd.at_start(), &self.scopes, value, place, 1);
        }
        // Memory first: what is stored goes there. That of outer loops before that of inner ones, which is a value in it.
        let mut memory = Memory::default();
        let mut loops: Vec<LoopId> = self.caches.keys().copied().collect();
        loops.sort_by_key(|l| (facts.body().cfg.depth(Some(*l)), *l));
        for l in loops {
            match self.caches[&l].storage.clone() {
                Storage::Flat { root, nest, late } => {
                    let made = match late {
                        false => self.make_flat(root, &nest, l),
                        true => self.make_flat_late(root, &nest, l, &memory),
                    };
                    for flat in made {
                        memory.flat.insert((l, flat.element), flat);
                    }
                }
                Storage::Chain => {
                    let (record, last) = self.make_record(l, self.caches[&l].record_bytes);
                    memory.ready.insert(
                        record.parent_block().expect("instructions have blocks"),
                        last,
                    );
                    memory.records.insert(l, record);
                }
            }
        }
        let mut levels: Vec<(Option<LoopId>, Vec<Need>)> = self
            .plan
            .saved
            .iter()
            .map(|(l, needs)| (*l, needs.clone()))
            .collect();
        levels.sort_by_key(|(l, _)| *l);
        for (l, needs) in levels {
            let by_lane = needs.into_iter().flat_map(|need| {
                let lanes = cache::lanes(facts, need);
                (0..lanes).map(move |lane| (need, lane))
            });
            for (need, lane) in by_lane {
                self.lane = lane;
                if l.is_none() && self.in_reach(need)?.is_some() {
                    continue;
                }
                let value = match need {
                    Need::Primal(v) => self.fwd.value(facts, v),
                    Need::Shadow(v) => {
                        let b = self.fwd.at_start();
                        self.shadows[lane].of(facts, &self.fwd, &b, v)?
                    }
                    Need::Tape(v) => self.calls[&v].tape,
                    Need::Base(m, element) => match memory.flat[&(m, element)] {
                        // It is stored where it is made.
                        Flat { late: true, .. } => continue,
                        Flat { base, .. } => base,
                    },
                };
                let b = self.saving_place(value, &memory.ready);
                let (place, align) = self.place(&b, need, l, &memory);
                cache::put(&b, &self.scopes, value, place, align);
            }
        }
        Ok(())
    }

    /// Where a saved value of level `l` goes, and the alignment of that.
    fn place(
        &mut self,
        b: &Builder,
        need: Need,
        l: Option<LoopId>,
        memory: &Memory,
    ) -> (Value, u64) {
        let facts = self.facts;
        let Some(l) = l else {
            let ty = cache::stored_type(facts, need);
            let key = Key::Need(need, self.lane);
            let place = self.top.pointer(facts, key, ty, Side::Forward);
            return (place, crate::emit::align_for(facts.module.abi_size(ty)));
        };
        let field = self.caches[&l].fields[&(need, self.lane)];
        let place = match self.caches[&l].storage.clone() {
            Storage::Flat { nest, .. } => {
                let flat = memory.flat[&(l, Element::of(facts.body(), need))];
                let counts = self.forward_counts(&nest);
                let counters: Vec<Value> = nest.iter().map(|m| self.forward_counter(*m)).collect();
                let at = cache::linear(b, &counters, &counts);
                cache::flat_address(b, &field, flat.base, flat.n, at)
            }
            Storage::Chain => {
                let offset = facts.context().i64_type().const_int(field.offset);
                b.ptr_add_inbounds(memory.records[&l], offset)
            }
        };
        (place, field.align)
    }

    fn forward_counts(&self, nest: &[LoopId]) -> Vec<Value> {
        nest.iter()
            .map(|m| {
                let count = self.facts.body().counters[m.index()].backedge_count;
                self.fwd
                    .value(self.facts, count.expect("flat nests have counts"))
            })
            .collect()
    }

    fn forward_counter(&self, l: LoopId) -> Value {
        self.fwd
            .value(self.facts, self.facts.body().counters[l.index()].iv)
    }

    /// Before the terminator of the block that leads into a loop, in the forward sweep.
    fn before_loop(&self, l: LoopId) -> Builder {
        let info = self.facts.body().cfg.get_loop(l);
        let preheader = self
            .fwd
            .block(self.facts, info.preheader.expect("loops have preheaders"));
        Builder::before(preheader.terminator().expect("blocks have terminators"))
    }

    /// Allocates a flat cache of `n` iterations.
    fn allocate(&mut self, b: &Builder, bytes: u64, n: Value) -> Value {
        let arena = self.arena();
        let bytes = self.facts.context().i64_type().const_int(bytes);
        let bytes = b.call_function(self.runtime.size, &[n, bytes]);
        let base = b.call_function(self.runtime.keep, &[arena, bytes]);
        base.set_name("cache");
        base
    }

    /// The memory of a flat cache, for each kind of values, made before its nest.
    fn make_flat(&mut self, root: LoopId, nest: &[LoopId], l: LoopId) -> Vec<Flat> {
        let b = self.before_loop(root);
        let counts = self.forward_counts(nest);
        let n = cache::iterations(&b, &self.runtime, &counts);
        let elements = self.caches[&l].element_bytes.clone();
        let made = elements.into_iter().map(|(element, bytes)| Flat {
            element,
            base: self.allocate(&b, bytes, n),
            n,
            late: false,
        });
        made.collect()
    }

    /// The same, made when control first gets to the loop in a run of the nest: the place of its base is null before.
    fn make_flat_late(
        &mut self,
        root: LoopId,
        nest: &[LoopId],
        l: LoopId,
        memory: &Memory,
    ) -> Vec<Flat> {
        let ptr = self.facts.context().ptr_type();
        let around = self.facts.body().cfg.get_loop(root).parent;
        self.lane = 0;
        let mut made = Vec::new();
        for (element, bytes) in self.caches[&l].element_bytes.clone() {
            let need = Need::Base(l, element);
            let b = self.before_loop(root);
            let (place, align) = self.place(&b, need, around, memory);
            cache::put(&b, &self.scopes, ptr.const_null(), place, align);
            let b = self.before_loop(l);
            let counts = self.forward_counts(nest);
            let n = cache::iterations(&b, &self.runtime, &counts);
            let (place, align) = self.place(&b, need, around, memory);
            let known = cache::get(&b, &self.scopes, ptr, place, align);
            let missing = b.icmp(IntPredicate::Eq, known, ptr.const_null());
            let (before, end) = (b.block(), b.block().terminator());
            let rest = before.split_before(end.expect("blocks have terminators"), "cached");
            let make = rest.insert_before("cache.first");
            before.terminator().expect("just split").erase_from_parent();
            Builder::at_end(before).cond_br(missing, make, rest);
            let b = Builder::at_end(make);
            let new = self.allocate(&b, bytes, n);
            cache::put(&b, &self.scopes, new, place, align);
            b.br(rest);
            let first = rest.first_instruction().expect("blocks have terminators");
            let base = Builder::before(first).phi(ptr);
            base.add_incoming(known, before);
            base.add_incoming(new, make);
            made.push(Flat {
                element,
                base,
                n,
                late: true,
            });
        }
        made
    }

    /// Where a value can be saved: after it, but behind what its block's own cache needs.
    fn saving_place(&self, value: Value, ready: &FxHashMap<Block, Value>) -> Builder {
        let b = Builder::new(self.facts.context());
        match value.parent_block() {
            Some(block) if block != self.fwd.start => {
                b.position_after(value);
                if value.is_op(Opcode::Phi)
                    && let Some(last) = ready.get(&block)
                {
                    b.position_after(*last);
                }
                b
            }
            Some(_) | None => self.fwd.at_start(),
        }
    }

    /// A new record for each iteration, and the last instruction of its making.
    fn make_record(&mut self, l: LoopId, bytes: u64) -> (Value, Value) {
        let arena = self.arena();
        let variable = self.top.null_variable(self.facts, Key::Chain(l));
        let header = self.facts.body().cfg.get_loop(l).header;
        let b = Builder::after_phis(self.fwd.block(self.facts, header));
        let c = self.facts.context();
        let record = b.call_function(self.runtime.push, &[arena, c.i64_type().const_int(bytes)]);
        let previous = b.load(c.ptr_type(), variable, 8, false);
        cache::put(&b, &self.scopes, previous, record, 8);
        let last = b.store(record, variable, 8, false);
        (record, last)
    }
}
