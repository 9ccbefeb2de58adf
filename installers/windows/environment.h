// The environment of a program that is started: nothing of the machine's or an account's variables, since NODE_ variables, PATH and
// TEMP decide what runs and where it writes.
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

// Writes `NAME=valuerest` and answers where the next begins; the last is followed by an empty one.
static inline wchar_t *variable(wchar_t *at, const wchar_t *name, const wchar_t *value, const wchar_t *rest) {
  return at + swprintf(at, 3 * MAX_PATH, L"%ls=%ls%ls", name, value, rest) + 1;
}

// In the order that Windows wants. `folder` and `temporary`: where files for a moment lie.
static inline wchar_t *system_variables(wchar_t *at, const wchar_t *windows, const wchar_t *folder, const wchar_t *temporary) {
  wchar_t drive[] = {windows[0], L':', 0};
  at = variable(at, L"SystemDrive", drive, L"");
  at = variable(at, L"SystemRoot", windows, L"");
  at = variable(at, L"TEMP", folder, temporary);
  return variable(at, L"TMP", folder, temporary);
}
