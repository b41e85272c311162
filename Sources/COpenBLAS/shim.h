// OpenBLAS for Swift: CBLAS as it is, and the LAPACK routines this package uses as `static inline` functions that take scalars by value and return `info`.
// The Fortran entry points are declared here because not every distribution packages lapacke.h. Each CHARACTER argument has a hidden length that
// Fortran compilers expect after the visible arguments; leaving it out is undefined behaviour, so it is passed.
#ifndef GAN_EVAL_COPENBLAS_H
#define GAN_EVAL_COPENBLAS_H

#include <cblas.h>
#include <stddef.h>

void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work, const int *lwork,
             int *iwork, const int *liwork, int *info, size_t, size_t);
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info, size_t);
void dpstrf_(const char *uplo, const int *n, double *a, const int *lda, int *piv, int *rank, const double *tol, double *work, int *info, size_t);
void dgesdd_(const char *jobz, const int *m, const int *n, double *a, const int *lda, double *s, double *u, const int *ldu, double *vt,
             const int *ldvt, double *work, const int *lwork, int *iwork, int *info, size_t);
void dgelqf_(const int *m, const int *n, double *a, const int *lda, double *tau, double *work, const int *lwork, int *info);

// Eigenvalues (and vectors with jobz 'V') of a symmetric matrix, divide and conquer.
static inline int lapack_dsyevd(char jobz, char uplo, int n, double *a, int lda, double *w, double *work, int lwork, int *iwork, int liwork) {
    int info = 0;
    dsyevd_(&jobz, &uplo, &n, a, &lda, w, work, &lwork, iwork, &liwork, &info, 1, 1);
    return info;
}

// Cholesky factor.
static inline int lapack_dpotrf(char uplo, int n, double *a, int lda) {
    int info = 0;
    dpotrf_(&uplo, &n, a, &lda, &info, 1);
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
