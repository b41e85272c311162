// OpenBLAS for Swift: CBLAS as it is, and the LAPACK routines this package uses as `static inline` functions that take scalars by value and return `info`.
// The Fortran entry points are declared here because not every distribution packages lapacke.h. Each CHARACTER argument has a hidden length that
// Fortran compilers expect after the visible arguments; leaving it out is undefined behaviour, so it is passed.
#ifndef GAN_EVAL_COPENBLAS_H
#define GAN_EVAL_COPENBLAS_H

#include <cblas.h>
#include <stddef.h>

void dsytrd_(const char *uplo, const int *n, double *a, const int *lda, double *d, double *e, double *tau, double *work, const int *lwork,
             int *info, size_t);
void dsterf_(const int *n, double *d, double *e, int *info);
void dstedc_(const char *compz, const int *n, double *d, double *e, double *z, const int *ldz, double *work, const int *lwork, int *iwork,
             const int *liwork, int *info, size_t);
void dormtr_(const char *side, const char *uplo, const char *trans, const int *m, const int *n, const double *a, const int *lda,
             const double *tau, double *c, const int *ldc, double *work, const int *lwork, int *info, size_t, size_t, size_t);
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info, size_t);
void dpotri_(const char *uplo, const int *n, double *a, const int *lda, int *info, size_t);
void dpstrf_(const char *uplo, const int *n, double *a, const int *lda, int *piv, int *rank, const double *tol, double *work, int *info, size_t);
void dgesdd_(const char *jobz, const int *m, const int *n, double *a, const int *lda, double *s, double *u, const int *ldu, double *vt,
             const int *ldvt, double *work, const int *lwork, int *iwork, int *info, size_t);
void dgelqf_(const int *m, const int *n, double *a, const int *lda, double *tau, double *work, const int *lwork, int *info);

// Reduction of a symmetric matrix to tridiagonal form (diagonal d, beside it e) by reflections, which stay in a and tau.
static inline int lapack_dsytrd(char uplo, int n, double *a, int lda, double *d, double *e, double *tau, double *work, int lwork) {
    int info = 0;
    dsytrd_(&uplo, &n, a, &lda, d, e, tau, work, &lwork, &info, 1);
    return info;
}

// Eigenvalues of a symmetric tridiagonal matrix, into d; e is destroyed.
static inline int lapack_dsterf(int n, double *d, double *e) {
    int info = 0;
    dsterf_(&n, d, e, &info);
    return info;
}

// Eigenvalues and, with compz 'I', eigenvectors of a symmetric tridiagonal matrix, divide and conquer.
static inline int lapack_dstedc(char compz, int n, double *d, double *e, double *z, int ldz, double *work, int lwork, int *iwork, int liwork) {
    int info = 0;
    dstedc_(&compz, &n, d, e, z, &ldz, work, &lwork, iwork, &liwork, &info, 1);
    return info;
}

// Multiplies c by the reflections of dsytrd.
static inline int lapack_dormtr(char side, char uplo, char trans, int m, int n, const double *a, int lda, const double *tau, double *c, int ldc,
                                double *work, int lwork) {
    int info = 0;
    dormtr_(&side, &uplo, &trans, &m, &n, a, &lda, tau, c, &ldc, work, &lwork, &info, 1, 1, 1);
    return info;
}

// Cholesky factor.
static inline int lapack_dpotrf(char uplo, int n, double *a, int lda) {
    int info = 0;
    dpotrf_(&uplo, &n, a, &lda, &info, 1);
    return info;
}

// Inverse of a matrix from its Cholesky factor.
static inline int lapack_dpotri(char uplo, int n, double *a, int lda) {
    int info = 0;
    dpotri_(&uplo, &n, a, &lda, &info, 1);
    return info;
}

// Cholesky factor with complete pivoting; stops at the numerical rank.
static inline int lapack_dpstrf(char uplo, int n, double *a, int lda, int *piv, int *rank, double tol, double *work) {
    int info = 0;
    dpstrf_(&uplo, &n, a, &lda, piv, rank, &tol, work, &info, 1);
    return info;
}

// Singular values (and vectors with jobz 'S'), divide and conquer.
static inline int lapack_dgesdd(char jobz, int m, int n, double *a, int lda, double *s, double *u, int ldu, double *vt, int ldvt,
                                double *work, int lwork, int *iwork) {
    int info = 0;
    dgesdd_(&jobz, &m, &n, a, &lda, s, u, &ldu, vt, &ldvt, work, &lwork, iwork, &info, 1);
    return info;
}

// LQ factorisation; of a row-major matrix it is the QR factorisation of what the rows say.
static inline int lapack_dgelqf(int m, int n, double *a, int lda, double *tau, double *work, int lwork) {
    int info = 0;
    dgelqf_(&m, &n, a, &lda, tau, work, &lwork, &info);
    return info;
}

#endif
