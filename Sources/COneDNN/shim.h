// One C interface over oneDNN 2.x (operation descriptors, memory descriptors by value)
// and 3.x (no operation descriptors, opaque memory descriptors). Swift sees only these functions
// and the enumerations that did not change.
#pragma once

#include <dnnl.h>
#include <stdint.h>
#include <stdlib.h>


/// An owned memory descriptor.
typedef struct onednn_layout *onednn_layout_t;

#if DNNL_VERSION_MAJOR >= 3
#define ONEDNN_MD(layout) ((const_dnnl_memory_desc_t)(layout))
typedef const_dnnl_memory_desc_t onednn_borrowed_md;
#else
#define ONEDNN_MD(layout) ((const dnnl_memory_desc_t *)(layout))
typedef const dnnl_memory_desc_t *onednn_borrowed_md;
#endif

static inline onednn_layout_t onednn_layout_copy(onednn_borrowed_md md) {
#if DNNL_VERSION_MAJOR >= 3
    dnnl_memory_desc_t copy = NULL;
    return dnnl_memory_desc_clone(&copy, md) == dnnl_success ? (onednn_layout_t)copy : NULL;
#else
    if (md == NULL) return NULL;
    dnnl_memory_desc_t *copy = (dnnl_memory_desc_t *)malloc(sizeof *copy);
    if (copy != NULL) *copy = *md;
    return (onednn_layout_t)copy;
#endif
}

static inline void onednn_layout_destroy(onednn_layout_t layout) {
#if DNNL_VERSION_MAJOR >= 3
    if (layout != NULL) dnnl_memory_desc_destroy((dnnl_memory_desc_t)layout);
#else
    free(layout);
#endif
}

/// A layout with explicit strides in elements; NULL when oneDNN refuses it.
static inline onednn_layout_t onednn_layout_strided(int rank, const int64_t *dims, dnnl_data_type_t type, const int64_t *strides) {
    dnnl_dims_t d = {0}, s = {0};
    for (int i = 0; i < rank; ++i) { d[i] = dims[i]; s[i] = strides[i]; }
#if DNNL_VERSION_MAJOR >= 3
    dnnl_memory_desc_t md = NULL;
    return dnnl_memory_desc_create_with_strides(&md, rank, d, type, s) == dnnl_success ? (onednn_layout_t)md : NULL;
#else
    dnnl_memory_desc_t md;
    return dnnl_memory_desc_init_by_strides(&md, rank, d, type, s) == dnnl_success ? onednn_layout_copy(&md) : NULL;
#endif
}

/// A layout that lets the primitive choose (`any`).
static inline onednn_layout_t onednn_layout_any(int rank, const int64_t *dims, dnnl_data_type_t type) {
    dnnl_dims_t d = {0};
    for (int i = 0; i < rank; ++i) d[i] = dims[i];
#if DNNL_VERSION_MAJOR >= 3
    dnnl_memory_desc_t md = NULL;
    return dnnl_memory_desc_create_with_tag(&md, rank, d, type, dnnl_format_tag_any) == dnnl_success ? (onednn_layout_t)md : NULL;
#else
    dnnl_memory_desc_t md;
    return dnnl_memory_desc_init_by_tag(&md, rank, d, type, dnnl_format_tag_any) == dnnl_success ? onednn_layout_copy(&md) : NULL;
#endif
}

static inline size_t onednn_layout_size(onednn_layout_t layout) { return dnnl_memory_desc_get_size(ONEDNN_MD(layout)); }

static inline int onednn_layout_equal(onednn_layout_t a, onednn_layout_t b) { return dnnl_memory_desc_equal(ONEDNN_MD(a), ONEDNN_MD(b)); }

static inline dnnl_status_t onednn_memory_create(dnnl_memory_t *memory, onednn_layout_t layout, dnnl_engine_t engine, void *data) {
    return dnnl_memory_create(memory, ONEDNN_MD(layout), engine, data);
}

/// The layout that a primitive descriptor chose for an argument (`dnnl_query_weights_md`, `dnnl_query_scratchpad_md`, …).
static inline onednn_layout_t onednn_chosen_layout(const_dnnl_primitive_desc_t pd, dnnl_query_t what, int index) {
    return onednn_layout_copy(dnnl_primitive_desc_query_md(pd, what, index));
}

// Post-operations ------------------------------------------------------------------------------------------------

static inline dnnl_status_t onednn_append_eltwise(dnnl_post_ops_t ops, dnnl_alg_kind_t kind, float alpha, float beta) {
#if DNNL_VERSION_MAJOR >= 3
    return dnnl_post_ops_append_eltwise(ops, kind, alpha, beta);
#else
    return dnnl_post_ops_append_eltwise(ops, 1.0f, kind, alpha, beta);
#endif
}

static inline dnnl_status_t onednn_append_binary(dnnl_post_ops_t ops, dnnl_alg_kind_t kind, onednn_layout_t other) {
    return dnnl_post_ops_append_binary(ops, kind, ONEDNN_MD(other));
}

/// Adds what the destination holds.
static inline dnnl_status_t onednn_append_sum(dnnl_post_ops_t ops) {
#if DNNL_VERSION_MAJOR >= 3
    return dnnl_post_ops_append_sum(ops, 1.0f, 0, dnnl_data_type_undef);
#else
    return dnnl_post_ops_append_sum(ops, 1.0f);
#endif
}

// Primitive descriptors ------------------------------------------------------------------------------------------

/// Forward convolution. Dilations count from zero, as oneDNN does. `bias` may be NULL.
static inline dnnl_status_t onednn_convolution_forward(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_alg_kind_t algorithm,
    onednn_layout_t source, onednn_layout_t weights, onednn_layout_t bias, onednn_layout_t destination,
    const int64_t *strides, const int64_t *dilations, const int64_t *before, const int64_t *after, const_dnnl_primitive_attr_t attributes) {
    dnnl_dims_t s = {strides[0], strides[1]}, d = {dilations[0], dilations[1]}, b = {before[0], before[1]}, a = {after[0], after[1]};
#if DNNL_VERSION_MAJOR >= 3
    return dnnl_convolution_forward_primitive_desc_create(pd, engine, dnnl_forward_inference, algorithm,
        ONEDNN_MD(source), ONEDNN_MD(weights), ONEDNN_MD(bias), ONEDNN_MD(destination), s, d, b, a, attributes);
#else
    dnnl_convolution_desc_t desc;
    dnnl_status_t status = dnnl_dilated_convolution_forward_desc_init(&desc, dnnl_forward_inference, algorithm,
        ONEDNN_MD(source), ONEDNN_MD(weights), ONEDNN_MD(bias), ONEDNN_MD(destination), s, d, b, a);
    return status == dnnl_success ? dnnl_primitive_desc_create(pd, &desc, attributes, engine, NULL) : status;
#endif
}

/// Adjoints of a convolution in its source and in its weights. Both ask for a forward convolution of the same shape as a hint.
static inline dnnl_status_t onednn_convolution_backward(
    int of_weights, dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_alg_kind_t algorithm,
    onednn_layout_t source, onednn_layout_t weights, onednn_layout_t destination,
    const int64_t *strides, const int64_t *dilations, const int64_t *before, const int64_t *after) {
    dnnl_dims_t s = {strides[0], strides[1]}, d = {dilations[0], dilations[1]}, b = {before[0], before[1]}, a = {after[0], after[1]};
    dnnl_primitive_desc_t hint = NULL;
#if DNNL_VERSION_MAJOR >= 3
    dnnl_status_t status = dnnl_convolution_forward_primitive_desc_create(&hint, engine, dnnl_forward_training, algorithm,
        ONEDNN_MD(source), ONEDNN_MD(weights), NULL, ONEDNN_MD(destination), s, d, b, a, NULL);
    if (status != dnnl_success) return status;
    status = of_weights
        ? dnnl_convolution_backward_weights_primitive_desc_create(pd, engine, algorithm,
              ONEDNN_MD(source), ONEDNN_MD(weights), NULL, ONEDNN_MD(destination), s, d, b, a, hint, NULL)
        : dnnl_convolution_backward_data_primitive_desc_create(pd, engine, algorithm,
              ONEDNN_MD(source), ONEDNN_MD(weights), ONEDNN_MD(destination), s, d, b, a, hint, NULL);
#else
    dnnl_convolution_desc_t desc;
    dnnl_status_t status = dnnl_dilated_convolution_forward_desc_init(&desc, dnnl_forward_training, algorithm,
        ONEDNN_MD(source), ONEDNN_MD(weights), NULL, ONEDNN_MD(destination), s, d, b, a);
    if (status == dnnl_success) status = dnnl_primitive_desc_create(&hint, &desc, NULL, engine, NULL);
    if (status != dnnl_success) return status;
    status = of_weights
        ? dnnl_dilated_convolution_backward_weights_desc_init(&desc, algorithm,
              ONEDNN_MD(source), ONEDNN_MD(weights), NULL, ONEDNN_MD(destination), s, d, b, a)
        : dnnl_dilated_convolution_backward_data_desc_init(&desc, algorithm,
              ONEDNN_MD(source), ONEDNN_MD(weights), ONEDNN_MD(destination), s, d, b, a);
    if (status == dnnl_success) status = dnnl_primitive_desc_create(pd, &desc, NULL, engine, hint);
#endif
    dnnl_primitive_desc_destroy(hint);
    return status;
}

/// Forward pooling without dilation.
static inline dnnl_status_t onednn_pooling_forward(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_alg_kind_t algorithm, onednn_layout_t source, onednn_layout_t destination,
    const int64_t *strides, const int64_t *kernel, const int64_t *before, const int64_t *after, const_dnnl_primitive_attr_t attributes) {
    dnnl_dims_t s = {strides[0], strides[1]}, k = {kernel[0], kernel[1]}, b = {before[0], before[1]}, a = {after[0], after[1]};
#if DNNL_VERSION_MAJOR >= 3
    dnnl_dims_t none = {0, 0};
    return dnnl_pooling_forward_primitive_desc_create(pd, engine, dnnl_forward_inference, algorithm,
        ONEDNN_MD(source), ONEDNN_MD(destination), s, k, none, b, a, attributes);
#else
    dnnl_pooling_desc_t desc;
    dnnl_status_t status = dnnl_pooling_forward_desc_init(&desc, dnnl_forward_inference, algorithm,
        ONEDNN_MD(source), ONEDNN_MD(destination), s, k, b, a);
    return status == dnnl_success ? dnnl_primitive_desc_create(pd, &desc, attributes, engine, NULL) : status;
#endif
}

/// Matrix product with optional bias (NULL).
static inline dnnl_status_t onednn_matmul(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine,
    onednn_layout_t source, onednn_layout_t weights, onednn_layout_t bias, onednn_layout_t destination, const_dnnl_primitive_attr_t attributes) {
#if DNNL_VERSION_MAJOR >= 3
    return dnnl_matmul_primitive_desc_create(pd, engine, ONEDNN_MD(source), ONEDNN_MD(weights), ONEDNN_MD(bias), ONEDNN_MD(destination), attributes);
#else
    dnnl_matmul_desc_t desc;
    dnnl_status_t status = dnnl_matmul_desc_init(&desc, ONEDNN_MD(source), ONEDNN_MD(weights), ONEDNN_MD(bias), ONEDNN_MD(destination));
    return status == dnnl_success ? dnnl_primitive_desc_create(pd, &desc, attributes, engine, NULL) : status;
#endif
}

/// Copy between layouts and element types.
static inline dnnl_status_t onednn_reorder(dnnl_primitive_desc_t *pd, dnnl_engine_t engine, onednn_layout_t source, onednn_layout_t destination, const_dnnl_primitive_attr_t attributes) {
    return dnnl_reorder_primitive_desc_create(pd, ONEDNN_MD(source), engine, ONEDNN_MD(destination), engine, attributes);
}

/// `dnnl_query_impl_info_str`: the kernel's name, owned by the descriptor.
static inline const char *onednn_implementation_name(const_dnnl_primitive_desc_t pd) {
    const char *name = NULL;
    return dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, &name) == dnnl_success ? name : "";
}

/// Argument indices, which are macros of expressions and therefore invisible to Swift.
static inline int onednn_arg_post_op(int index) { return DNNL_ARG_ATTR_MULTIPLE_POST_OP(index) | DNNL_ARG_SRC_1; }

/// Version of the library that runs, as major·10000 + minor·100 + patch.
static inline int onednn_version(void) { const dnnl_version_t *v = dnnl_version(); return v->major * 10000 + v->minor * 100 + v->patch; }
