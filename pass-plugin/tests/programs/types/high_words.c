// What: arithmetic on the words of doubles: exponents, signs and low words are taken out, changed and put back.
// Covers: types unions; memory reuse as another type
// Flags: -fno-strict-aliasing
#include "agree.h"
#include <stdint.h>
#include <string.h>
static double hi_arr_cast(double *x, int n) { double a[8]; for(int i=0;i<n;i++) a[i]=x[i]*x[i]; for (int i=0;i<n;i++) { ((uint32_t*)&a[i])[1] += (uint32_t)(i+1) << 20; } double r=0; for(int i=0;i<n;i++) r+=a[i]*a[i]; return r; }
typedef union { double v; struct { uint32_t lo, hi; } w; } hi_union_u;
static double hi_union_sc(double x, int k) { hi_union_u t; t.v=x; t.w.hi += (uint32_t)k<<20; return t.v; }
static double hi_union(double *x, int n) { double r=0; for(int i=0;i<n;i++) r+=hi_union_sc(x[i]*x[i],i+1)*x[i]; return r; }
typedef union { double v; struct { uint32_t lo, hi; } w; } hi_union_arr_u;
static double hi_union_arr(double *x, int n) { hi_union_arr_u t[4]; for(int i=0;i<n;i++) t[i].v=x[i]*x[i]; for(int i=0;i<n;i++) t[i].w.hi += (uint32_t)(i+1)<<20; double r=0; for(int i=0;i<n;i++) r+=t[i].v*x[i]; return r; }
static double frexp_like_myfrexp(double x, int *e) { uint64_t b; memcpy(&b,&x,8); int ee = (b>>52)&0x7ff; *e = ee-1022; b &= 0x800fffffffffffffull; b |= 0x3fe0000000000000ull; memcpy(&x,&b,8); return x; }
static double frexp_like(double *x, int n) { double r=0; for(int i=0;i<n;i++){ int e; double m=frexp_like_myfrexp(x[i],&e); r+=m*m*(e+3); } return r; }
static double ldexp_like_myldexp(double x, int k) { uint64_t b; memcpy(&b,&x,8); b += (uint64_t)(int64_t)k<<52; memcpy(&x,&b,8); return x; }
static double ldexp_like(double *x, int n) { double r=0; for(int i=0;i<n;i++) r+=ldexp_like_myldexp(x[i]*x[i],i-1)*x[i]; return r; }
static double copysign_like_cs(double x,double y){ uint64_t a,b; memcpy(&a,&x,8); memcpy(&b,&y,8); a=(a&0x7fffffffffffffffull)|(b&0x8000000000000000ull); memcpy(&x,&a,8); return x; }
static double copysign_like(double *x, int n) { double r=0; for(int i=0;i<n;i++) r+=copysign_like_cs(x[i]*x[i],x[(i+1)%n])*x[i]; return r; }
#define HI(x) *(1+(int*)&x)
#define LO(x) *(int*)&x
static double fdlibm_macros_scal(double x, int n) { int k,hx,lx; hx=HI(x); lx=LO(x); k=(hx&0x7ff00000)>>20; if(k==0) return x*0; k+=n; if(k>0x7fe) return 1e300*x; HI(x)=(hx&0x800fffff)|(k<<20); return x; }
static double fdlibm_macros_myfabs(double x){ HI(x)&=0x7fffffff; return x; }
static double fdlibm_macros_hiword(double x){ double y=x; LO(y)=0; return y; }
static double fdlibm_macros(double *x, int n) { double r=0; for(int i=0;i<n;i++) r+=fdlibm_macros_scal(x[i]*x[i],i)*fdlibm_macros_myfabs(x[i]); return r; }
#define SET_LOW_WORD(d,v) do{ union{double f; uint64_t i;} u; u.f=(d); u.i&=0xffffffff00000000ull; u.i|=(uint32_t)(v); (d)=u.f; }while(0)
static double fdlibm_split(double *x, int n) { double r=0; for(int i=0;i<n;i++){ double z=x[i]*x[i]; double t=z; SET_LOW_WORD(t,0); double lo=z-t; r+=t*t+2*t*lo+lo*lo; } return r; }
static double exp_steps_myexp(double x){ int k=(int)(x*1.4426950408889634+(x<0?-0.5:0.5)); double r=x-k*0.6931471805599453; double p=1+r*(1+r/2*(1+r/3*(1+r/4*(1+r/5*(1+r/6*(1+r/7*(1+r/8)))))));  uint64_t b=(uint64_t)(int64_t)(k+1023)<<52; double s; memcpy(&s,&b,8); return p*s; }
static double exp_steps(double *x, int n) { double r=0; for(int i=0;i<n;i++) r+=exp_steps_myexp(x[i]); return r; }
static double exp_add_myexp(double x){ int k=(int)(x*1.4426950408889634+(x<0?-0.5:0.5)); double r=x-k*0.6931471805599453; double p=1+r*(1+r/2*(1+r/3*(1+r/4*(1+r/5*(1+r/6*(1+r/7*(1+r/8)))))));  union{double d; struct{uint32_t lo; int32_t hi;} w;} u; u.d=p; u.w.hi+=k<<20; return u.d; }
static double exp_add(double *x, int n) { double r=0; for(int i=0;i<n;i++) r+=exp_add_myexp(x[i]); return r; }
static double log_fd_mylog(double x){ union{double d; struct{uint32_t lo; int32_t hi;} w;} u; u.d=x; int32_t hx=u.w.hi; int k=(hx>>20)-1023; hx&=0x000fffff; int32_t i=(hx+0x95f64)&0x100000; u.w.hi=hx|(i^0x3ff00000); k+=(i>>20); double f=u.d-1; double s=f/(2+f),z=s*s; double R=2*s*(1+z*(1/3.+z*(1/5.+z*(1/7.+z*(1/9.+z*(1/11.+z/13)))))); return k*0.6931471805599453+R; }
static double log_fd(double *x, int n) { double r=0; for(int i=0;i<n;i++) r+=log_fd_mylog(x[i]); return r; }
static double cbrt_fd_mycbrt(double x){ union{double d; struct{uint32_t lo; uint32_t hi;} w;} u,t; u.d=x; uint32_t hx=u.w.hi&0x7fffffff, sign=u.w.hi&0x80000000; u.w.hi=hx; t.d=0; t.w.hi=hx/3+715094163; double y=t.d; for(int i=0;i<4;i++) y=y-(y*y*y-u.d)/(3*y*y); union{double d; struct{uint32_t lo; uint32_t hi;} w;} o; o.d=y; o.w.hi|=sign; return o.d; }
static double cbrt_fd(double *x, int n) { double r=0; for(int i=0;i<n;i++) r+=cbrt_fd_mycbrt(x[i]); return r; }
typedef union { double value; struct { uint32_t lsw, msw; } parts; } words_macros_sh;
#define GET_HIGH_WORD(i,d) do{ words_macros_sh u; u.value=(d); (i)=u.parts.msw; }while(0)
#define SET_HIGH_WORD(d,v) do{ words_macros_sh u; u.value=(d); u.parts.msw=(v); (d)=u.value; }while(0)
#define EXTRACT_WORDS(h,l,d) do{ words_macros_sh u; u.value=(d); (h)=u.parts.msw; (l)=u.parts.lsw; }while(0)
#define INSERT_WORDS(d,h,l) do{ words_macros_sh u; u.parts.msw=(h); u.parts.lsw=(l); (d)=u.value; }while(0)
static double words_macros_mscalbn(double x,int n){ int32_t k,hx,lx; EXTRACT_WORDS(hx,lx,x); k=(hx&0x7ff00000)>>20; k+=n; SET_HIGH_WORD(x,(hx&0x800fffff)|(k<<20)); return x; }
static double words_macros_mcopysign(double x,double y){ uint32_t hx,hy; GET_HIGH_WORD(hx,x); GET_HIGH_WORD(hy,y); SET_HIGH_WORD(x,(hx&0x7fffffff)|(hy&0x80000000)); return x; }
static double words_macros_swapw(double x){ uint32_t h,l; double r; EXTRACT_WORDS(h,l,x); INSERT_WORDS(r,h^0x80000000,l); return r; }
static double words_macros(double *x, int n) { double r=0; for(int i=0;i<n;i++) r+=words_macros_mscalbn(x[i]*x[i],i-1)*words_macros_mcopysign(x[i],x[(i+1)%n])+words_macros_swapw(x[i])*x[0]; return r; }
int main(void) {
  AGREE(hi_arr_cast, 4, {3, -1, 2, 0.5});
  AGREE(hi_union, 4, {3, -1, 2, 0.5});
  AGREE(hi_union_arr, 4, {3, -1, 2, 0.5});
  {  double x[4]={3,-1.5,2.25,0.6},g[4]={0}; __enzyme_autodiff((void *)frexp_like,enzyme_dup,x,g,enzyme_const,4); for(int i=0;i<4;i++){int e; double m=frexp(x[i],&e); CHECK(g[i],2*m*ldexp(1,-e)*(e+3));} }
  AGREE(ldexp_like, 4, {3, -1, 2, 0.5});
  AGREE(copysign_like, 4, {3, -1, 2, 0.5});
  AGREE(fdlibm_macros, 4, {3, -1, 2, 0.5});
  {  double x[4]={3.1,-1.7,2.3,0.6},g[4]={0}; __enzyme_autodiff((void *)fdlibm_split,enzyme_dup,x,g,enzyme_const,4); for(int i=0;i<4;i++)CHECK_TOL(g[i],4*x[i]*x[i]*x[i],1e-6); }
  {  double x[4]={3.1,-1.7,2.3,0.6},g[4]={0}; __enzyme_autodiff((void *)exp_steps,enzyme_dup,x,g,enzyme_const,4); for(int i=0;i<4;i++)CHECK_TOL(g[i],exp(x[i]),1e-5); }
  {  double x[4]={3.1,-1.7,2.3,0.6},g[4]={0}; __enzyme_autodiff((void *)exp_add,enzyme_dup,x,g,enzyme_const,4); for(int i=0;i<4;i++)CHECK_TOL(g[i],exp(x[i]),1e-5); }
  {  double x[4]={3.1,1.7,2.3,0.6},g[4]={0}; __enzyme_autodiff((void *)log_fd,enzyme_dup,x,g,enzyme_const,4); for(int i=0;i<4;i++)CHECK_TOL(g[i],1/x[i],1e-6); for(int i=0;i<4;i++){ double t[4]={0}; t[i]=1; CHECK_TOL(__enzyme_fwddiff((void *)log_fd,enzyme_dup,x,t,enzyme_const,4),1/x[i],1e-6);} }
  {  double x[4]={3.1,-1.7,2.3,0.6},g[4]={0}; __enzyme_autodiff((void *)cbrt_fd,enzyme_dup,x,g,enzyme_const,4); for(int i=0;i<4;i++)CHECK_TOL(g[i],cbrt(x[i])/(3*x[i]),1e-5); }
  AGREE(words_macros, 4, {3, -1, 2, 0.5});
  CHECK_END();
}
