//! What the forward sweep keeps for the reverse sweep, as the plan says.

use super::*;

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
            cache::put(&self.fwd.at_start(), value, place, 1);
        }
        // Bases first: the stores of flat caches use them.
        let mut flat: FxHashMap<(LoopId, Element), (Value, Value)> = FxHashMap::default();
        let mut records: FxHashMap<LoopId, Value> = FxHashMap::default();
        // Where a header's record can be written to: behind the instruction that made it the newest.
        let mut ready: FxHashMap<Block, Value> = FxHashMap::default();
        let mut loops: Vec<LoopId> = self.caches.keys().copied().collect();
        loops.sort();
        for l in loops {
            let bytes = self.caches[&l].record_bytes;
            match self.caches[&l].storage.clone() {
                Storage::Flat { root, nest } => {
                    for (element, base, n) in self.make_flat(root, &nest, l) {
                        flat.insert((l, element), (base, n));
                    }
                }
                Storage::Chain => {
                    let (record, last) = self.make_record(l, bytes);
                    ready.insert(
                        record.parent_block().expect("instructions have blocks"),
                        last,
                    );
                    records.insert(l, record);
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
                    Need::Base(m, element) => flat[&(m, element)].0,
                };
                let b = self.saving_place(value, &ready);
                let (place, align) = match l {
                    None => {
                        let ty = cache::stored_type(facts, need);
                        let key = Key::Need(need, lane);
                        let place = self.top.pointer(facts, key, ty, Side::Forward);
                        (place, crate::emit::align_for(facts.module.abi_size(ty)))
                    }
                    Some(l) => {
                        let field = self.caches[&l].fields[&(need, lane)];
                        let place = match self.caches[&l].storage.clone() {
                            Storage::Flat { nest, .. } => {
                                let element = Element::of(facts.body(), need);
                                let (base, n) = flat[&(l, element)];
                                let counts = self.forward_counts(&nest);
                                let counters: Vec<Value> =
                                    nest.iter().map(|m| self.forward_counter(*m)).collect();
                                let at = cache::linear(&b, &counters, &counts);
                                cache::flat_address(&b, &field, base, n, at)
                            }
                            Storage::Chain => {
                                let offset = facts.context().i64_type().const_int(field.offset);
                                b.ptr_add_inbounds(records[&l], offset)
                            }
                        };
                        (place, field.align)
                    }
                };
                cache::put(&b, value, place, align);
            }
        }
        Ok(())
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

    /// The memory of a flat cache, for each kind of values: its base, and the number of iterations.
    fn make_flat(
        &mut self,
        root: LoopId,
        nest: &[LoopId],
        l: LoopId,
    ) -> Vec<(Element, Value, Value)> {
        let arena = self.arena();
        let info = self.facts.body().cfg.get_loop(root);
        let preheader = self
            .fwd
            .block(self.facts, info.preheader.expect("loops have preheaders"));
        let b = Builder::before(preheader.terminator().expect("blocks have terminators"));
        let counts = self.forward_counts(nest);
        let n = cache::iterations(&b, &self.runtime, &counts);
        let made = self.caches[&l]
            .element_bytes
            .iter()
            .map(|(element, bytes)| {
                let bytes = self.facts.context().i64_type().const_int(*bytes);
                let bytes = b.call_function(self.runtime.size, &[n, bytes]);
                let base = b.call_function(self.runtime.keep, &[arena, bytes]);
                base.set_name("cache");
                (*element, base, n)
            });
        made.collect()
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
        b.store(previous, record, 8, false);
        let last = b.store(record, variable, 8, false);
        (record, last)
    }
}
