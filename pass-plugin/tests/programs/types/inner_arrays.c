// What: structs with inner arrays of variable index beside floats, doubles, pointers and integers, copied whole.
// Covers: types structs by value; types nested structs; intrinsic llvm.memcpy
#include "agree.h"
#include <stdint.h>
#include <string.h>
struct fd_copy_s { float a; double b; double t[5]; int n; float u[3]; };
static double fd_copy(double *x, int n) { struct fd_copy_s p, q; p.a = x[0]*x[1]; p.b = x[2]; p.n = n;
 for (int i=0;i<5;i++) p.t[i] = x[i%n]*i; for (int i=0;i<3;i++) p.u[i]=2*i; q = p; double r=0;
 for (int i=0;i<5;i++) r += q.t[i]*q.b; for (int i=0;i<3;i++) r+= q.u[i]*q.b; return r + q.n*q.b; }
struct fd_memcpy_s { float a; double b; double t[5]; int n; float u[3]; };
__attribute__((noinline)) static void fd_memcpy_init(struct fd_memcpy_s *p, double *x, int n) { p->a = 2; p->b = x[2]; p->n = n;
 for (int i=0;i<n;i++) p->t[i] = x[i]*i; for (int i=0;i<3;i++) p->u[i]=2*i; }
__attribute__((noinline)) static double fd_memcpy_ev(struct fd_memcpy_s *q) { double r=0; for (int i=0;i<q->n;i++) r += q->t[i]*q->t[i]*q->b; for (int i=0;i<3;i++) r+= q->u[i]*q->b; return r + q->n*q->b*q->a; }
static double fd_memcpy(double *x, int n) { struct fd_memcpy_s p, q; fd_memcpy_init(&p,x,n); memcpy(&q,&p,sizeof q); return fd_memcpy_ev(&q); }
struct fd_byval_s { float a; double b; double t[5]; int n; float u[3]; };
__attribute__((noinline)) static struct fd_byval_s fd_byval_mk(double *x, int n) { struct fd_byval_s p; p.a = 2; p.b = x[2]; p.n = n;
 for (int i=0;i<n;i++) p.t[i] = x[i]*i; for (int i=0;i<3;i++) p.u[i]=2*i; return p; }
__attribute__((noinline)) static double fd_byval_ev(struct fd_byval_s q) { double r=0; for (int i=0;i<q.n;i++) r += q.t[i]*q.t[i]*q.b; for (int i=0;i<3;i++) r+= q.u[i]*q.b; return r + q.n*q.b*q.a; }
static double fd_byval(double *x, int n) { return fd_byval_ev(fd_byval_mk(x,n)); }
struct fd_heap_s { float a; int k; double t[4]; double *p; double b; };
__attribute__((noinline)) static double fd_heap_ev(struct fd_heap_s *q, int m) { double r=0; for (int j=0;j<m;j++) for (int i=0;i<q[j].k;i++) r += q[j].t[i]*q[j].p[i]*q[j].b; return r; }
static double fd_heap(double *x, int n) { struct fd_heap_s *a = malloc(3*sizeof *a); for (int j=0;j<3;j++){ a[j].a=j; a[j].k=n; a[j].p=x; a[j].b=x[j]*j; for(int i=0;i<n;i++) a[j].t[i]=x[i]*x[j]; }
 struct fd_heap_s t=a[0]; a[0]=a[2]; a[2]=t; double r=fd_heap_ev(a,3); free(a); return r; }
struct nested_in { double w[3]; int id; float z; };
struct nested_out { double *p; int cnt; struct nested_in e[4]; double scale; char tag[8]; struct nested_in one; };
__attribute__((noinline)) static void nested_fill(struct nested_out *o, double *x, int n) { o->p=x; o->cnt=n; o->scale=x[0]; o->one.id=7; for(int k=0;k<3;k++) o->one.w[k]=x[k];
 for(int i=0;i<n;i++){ o->e[i].id=i; o->e[i].z=1; for(int k=0;k<3;k++) o->e[i].w[k]=x[i]*x[k]; } }
__attribute__((noinline)) static double nested_ev(struct nested_out o) { double r=0; for(int i=0;i<o.cnt;i++) for(int k=0;k<3;k++) r+=o.e[i].w[k]*o.p[i]*o.scale*(1+o.e[i].id); return r+o.one.w[1]*o.one.id; }
static double nested(double *x, int n) { struct nested_out o; memset(&o,0,sizeof o); nested_fill(&o,x,n); struct nested_out q=o; return nested_ev(q); }
struct nested_arr_in { double w[3]; int id; float z; };
struct nested_arr_out { double *p; int cnt; struct nested_arr_in e[4]; double scale; };
static double nested_arr(double *x, int n) { struct nested_arr_out o[2]; for (int j=0;j<2;j++){ o[j].p=x; o[j].cnt=n; o[j].scale=x[j]; for(int i=0;i<n;i++){ o[j].e[i].id=i; o[j].e[i].z=1; for(int k=0;k<3;k++) o[j].e[i].w[k]=x[i]*x[k]; } }
 struct nested_arr_out q[2]; memcpy(q,o,sizeof q); double r=0; for (int j=0;j<2;j++) for(int i=0;i<q[j].cnt;i++) for(int k=0;k<3;k++) r+=q[j].e[i].w[k]*q[j].p[i]*q[j].scale*(1+q[j].e[i].id); return r; }
struct realloc_grow_e { int id; double v; float w[2]; };
static double realloc_grow(double *x, int n) { struct realloc_grow_e *a=0; int c=0,m=0; for(int i=0;i<3*n;i++){ if(m==c){ c=c?2*c:1; a=realloc(a,c*sizeof *a); } a[m].id=i; a[m].v=x[i%n]*i; a[m].w[0]=1; a[m].w[1]=i; m++; } double r=0; for(int i=0;i<m;i++) r+=a[i].v*a[i].v*a[i].w[i&1]*a[i].id; free(a); return r; }
struct bitfields_e { unsigned a:3; unsigned b:13; double v; unsigned c:7; float w; unsigned long d:40; double u[2]; };
static double bitfields(double *x, int n) { struct bitfields_e a[4]; for(int i=0;i<n;i++){ a[i].a=i; a[i].b=i*10; a[i].v=x[i]; a[i].c=i+1; a[i].w=2; a[i].d=i*100; a[i].u[0]=x[0]; a[i].u[1]=x[i]*x[i]; } struct bitfields_e b[4]; for(int i=0;i<n;i++) b[n-1-i]=a[i]; double r=0; for(int i=0;i<n;i++) r+=b[i].v*b[i].a*b[i].b*b[i].c*b[i].w+b[i].d*b[i].u[i&1]; return r; }
struct mat_in_struct_m { int r,c; double a[4][4]; double det; };
__attribute__((noinline)) static struct mat_in_struct_m mat_in_struct_mul(struct mat_in_struct_m a, struct mat_in_struct_m b){ struct mat_in_struct_m o; o.r=a.r;o.c=b.c;o.det=a.det*b.det; for(int i=0;i<a.r;i++)for(int j=0;j<b.c;j++){ o.a[i][j]=0; for(int k=0;k<a.c;k++) o.a[i][j]+=a.a[i][k]*b.a[k][j]; } return o; }
static double mat_in_struct(double *x, int n){ struct mat_in_struct_m a={2,2,{{0}},x[0]}; a.a[0][0]=x[0];a.a[0][1]=x[1];a.a[1][0]=x[2];a.a[1][1]=x[3]; struct mat_in_struct_m b=mat_in_struct_mul(a,a); b=mat_in_struct_mul(b,a); return b.a[0][0]*b.a[1][1]+b.det; }
struct flat_walk_m { int r; double a[3][3]; int k; };
static double flat_walk(double *x, int n){ struct flat_walk_m a; a.r=3; a.k=2; double *p=&a.a[0][0]; for(int i=0;i<9;i++) p[i]=x[i%n]*i; struct flat_walk_m b=a; p=&b.a[0][0]; double r=0; for(int i=0;i<9;i++) r+=p[i]*p[i]*b.k; return r; }
struct vec3_v3 { double x,y,z; int id; };
static double vec3(double *x, int n){ struct vec3_v3 a[2]; for(int j=0;j<2;j++){ double *p=&a[j].x; for(int i=0;i<3;i++) p[i]=x[(i+j)%n]*x[0]; a[j].id=j+1; } struct vec3_v3 b=a[1]; a[1]=a[0]; a[0]=b; double r=0; for(int j=0;j<2;j++) r+=a[j].x*a[j].y*a[j].z*a[j].id; return r; }
struct stack_machine_op { int code; double imm; };
struct stack_machine_vm { double st[16]; int sp; struct stack_machine_op prog[8]; int n; };
static double stack_machine(double *x, int n){ struct stack_machine_vm m; m.sp=0; m.n=5; int codes[5]={0,0,1,0,2}; for(int i=0;i<5;i++){ m.prog[i].code=codes[i]; m.prog[i].imm=x[i%n]; } for(int i=0;i<m.n;i++) switch(m.prog[i].code){case 0:m.st[m.sp++]=m.prog[i].imm;break;case 1:m.sp--;m.st[m.sp-1]*=m.st[m.sp];break;default:m.sp--;m.st[m.sp-1]+=m.st[m.sp];} return m.st[0]*m.st[0]; }
int main(void) {
  AGREE(fd_copy, 4, {3, -1, 2, 0.5});
  AGREE(fd_memcpy, 4, {3, -1, 2, 0.5});
  AGREE(fd_byval, 4, {3, -1, 2, 0.5});
  AGREE(fd_heap, 4, {3, -1, 2, 0.5});
  AGREE(nested, 4, {3, -1, 2, 0.5});
  AGREE(nested_arr, 4, {3, -1, 2, 0.5});
  AGREE(realloc_grow, 4, {3, -1, 2, 0.5});
  AGREE(bitfields, 4, {3, -1, 2, 0.5});
  AGREE(mat_in_struct, 4, {3, -1, 2, 0.5});
  AGREE(flat_walk, 4, {3, -1, 2, 0.5});
  AGREE(vec3, 4, {3, -1, 2, 0.5});
  AGREE(stack_machine, 4, {3, -1, 2, 0.5});
  CHECK_END();
}
