; What: a linked list walked to its null end
; Covers: memory linked list
; diff: @f(a: dup [{f64, ptr}] = [{2.0, b}], b: mem dup [{f64, ptr}] = [{3.0, c}], c: mem dup [{f64, ptr}] = [{5.0, null}]) -> f64
; value: 30
; grad: a = [15], b = [10], c = [6]
; opt: O0 O1 opt

define double @f(ptr %a) {
entry:
  br label %h
h:
  %p = phi ptr [ %a, %entry ], [ %next, %b ]
  %s = phi double [ 1.0, %entry ], [ %s1, %b ]
  %z = icmp eq ptr %p, null
  br i1 %z, label %d, label %b
b:
  %x = load double, ptr %p
  %s1 = fmul double %s, %x
  %na = getelementptr inbounds i8, ptr %p, i64 8
  %next = load ptr, ptr %na
  br label %h
d:
  ret double %s
}
