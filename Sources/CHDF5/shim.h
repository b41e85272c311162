// HDF5 1.10 to 1.14. The library's constants are macros that expand to function calls, and some functions changed
// their signature between versions: both are hidden here behind plain functions.
#ifndef CHDF5_SHIM_H
#define CHDF5_SHIM_H

#include <hdf5.h>
#include <string.h>

static inline hid_t CHDF5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t CHDF5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t CHDF5_native_int8(void) { return H5T_NATIVE_INT8; }
static inline hid_t CHDF5_native_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t CHDF5_native_int16(void) { return H5T_NATIVE_INT16; }
static inline hid_t CHDF5_native_uint16(void) { return H5T_NATIVE_UINT16; }
static inline hid_t CHDF5_native_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t CHDF5_native_uint32(void) { return H5T_NATIVE_UINT32; }
static inline hid_t CHDF5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t CHDF5_native_uint64(void) { return H5T_NATIVE_UINT64; }
static inline hid_t CHDF5_c_string(void) { return H5T_C_S1; }

static inline hid_t CHDF5_dataset_create_class(void) { return H5P_DATASET_CREATE; }
static inline hid_t CHDF5_file_access_class(void) { return H5P_FILE_ACCESS; }
static inline hid_t CHDF5_link_create_class(void) { return H5P_LINK_CREATE; }

static inline hid_t CHDF5_default(void) { return H5P_DEFAULT; }
static inline hid_t CHDF5_all(void) { return H5S_ALL; }
static inline hsize_t CHDF5_unlimited(void) { return H5S_UNLIMITED; }
static inline size_t CHDF5_variable(void) { return H5T_VARIABLE; }
static inline unsigned CHDF5_exclusive(void) { return H5F_ACC_EXCL; }

/// Stops the library from printing its error stack on standard error.
static inline void CHDF5_silence(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

static herr_t CHDF5_keep_innermost(unsigned depth, const H5E_error2_t *error, void *context) {
    if (depth == 0 && error->desc) *(const char **)context = error->desc;
    return 0;
}

/// The most specific message of the last failure, or NULL. Valid until the next call into the library.
static inline const char *CHDF5_last_message(void) {
    const char *message = NULL;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, CHDF5_keep_innermost, &message);
    return message;
}

static H5T_conv_ret_t CHDF5_exact_only(H5T_conv_except_t problem, hid_t source, hid_t target, void *from, void *to, void *context) {
    (void)target; (void)to; (void)context;
    switch (problem) {
    case H5T_CONV_EXCEPT_RANGE_HI: case H5T_CONV_EXCEPT_RANGE_LOW:
        // The fast conversion of double to float calls an infinity out of range; it stays one.
        if (H5Tequal(source, H5T_NATIVE_DOUBLE) > 0) {
            double value;
            memcpy(&value, from, sizeof value);
            if (value - value != 0) return H5T_CONV_UNHANDLED;
        }
        return H5T_CONV_ABORT;
    case H5T_CONV_EXCEPT_TRUNCATE: return H5T_CONV_ABORT;
    default: return H5T_CONV_UNHANDLED;
    }
}

/// Makes a transfer list under which a value that the target type cannot hold is an error rather than clipped.
static inline hid_t CHDF5_create_exact_transfer(void) {
    hid_t list = H5Pcreate(H5P_DATASET_XFER);
    if (list >= 0) H5Pset_type_conv_cb(list, CHDF5_exact_only, NULL);
    return list;
}

/// Opens files also where the file system cannot lock, as on many network shares.
static inline void CHDF5_tolerate_missing_locks(hid_t access) {
#if H5_VERSION_GE(1, 12, 1) || (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 12, 0))
    H5Pset_file_locking(access, 1, 1);
#else
    (void)access;
#endif
}

#endif
