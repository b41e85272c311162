// libzip 1.7 or later (1.5 is enough for what is used here).
#include <zip.h>
