#include "account-folders.h"
#include "rights.h"
#include <wchar.h>

// Of people, by the machine or a domain, and of Entra ID: what the agent takes for accounts (agent/parsers/windows-profiles.ts).
static BOOL is_persons(const wchar_t *sid) {
  BOOL known = wcsncmp(sid, L"S-1-5-21-", 9) == 0 || wcsncmp(sid, L"S-1-12-1-", 9) == 0;
  // The registry keeps what it renamed beside it (`.bak`).
  return known && wcsspn(sid + 4, L"-0123456789") == wcslen(sid + 4);
}

void make_account_folders(const wchar_t *folder, BOOL again) {
  HKEY profiles;
  wchar_t sid[192], path[3 * MAX_PATH], rights[512];
  if (GetFileAttributesW(folder) == INVALID_FILE_ATTRIBUTES || again) protect_folder(folder, FOR_ALL_TO_READ);
  if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList", 0, KEY_READ | KEY_WOW64_64KEY, &profiles)) return;
  for (DWORD i = 0;; i++) {
    DWORD size = sizeof sid / sizeof *sid;
    LSTATUS status = RegEnumKeyExW(profiles, i, sid, &size, NULL, NULL, NULL, NULL);
    if (status == ERROR_MORE_DATA) continue;
    if (status != ERROR_SUCCESS) break;
    if (!is_persons(sid)) continue;
    swprintf(path, sizeof path / sizeof *path, L"%ls\\%ls", folder, sid);
    if (!again && GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES) continue;
    swprintf(rights, sizeof rights / sizeof *rights, FOR_THE_AGENT L"(A;OICI;0x1200a9;;;%ls)", sid);
    protect_folder(path, rights);
  }
  RegCloseKey(profiles);
}
