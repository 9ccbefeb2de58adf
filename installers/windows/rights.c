#include "rights.h"
#include <aclapi.h>
#include <sddl.h>

BOOL protect_folder(const wchar_t *path, const wchar_t *rights) {
  SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, FALSE};
  if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(rights, SDDL_REVISION_1, &attributes.lpSecurityDescriptor, NULL)) return FALSE;
  BOOL done = CreateDirectoryW(path, &attributes);
  if (!done && GetLastError() == ERROR_ALREADY_EXISTS) {
    BOOL present, defaulted;
    PACL list;
    GetSecurityDescriptorDacl(attributes.lpSecurityDescriptor, &present, &list, &defaulted);
    done = SetNamedSecurityInfoW((wchar_t *)path, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION, NULL, NULL, list, NULL) == ERROR_SUCCESS;
  }
  LocalFree(attributes.lpSecurityDescriptor);
  return done;
}
