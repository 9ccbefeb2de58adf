// What the Windows package does beside laying down files: the folder of settings and state, which no account but the system's and
// administrators may write, and what msiexec was told (server, token) in it. Runs as the system, from inside the package.
#include "rights.h"
#include <aclapi.h>
#include <msi.h>
#include <msiquery.h>
#include <sddl.h>
#include <shlobj.h>
#include <tlhelp32.h>
#include <stdio.h>
#include <wchar.h>

// Room for a path below a folder of MAX_PATH letters at most.
typedef wchar_t path_t[MAX_PATH + 64];

static BOOL is_there(const wchar_t *path) { return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES; }

// The owner is the system, an administrator or who runs this, and the path is no link.
static BOOL is_own(const wchar_t *path) {
  if (GetFileAttributesW(path) & FILE_ATTRIBUTE_REPARSE_POINT) return FALSE;
  PSID owner = NULL;
  PSECURITY_DESCRIPTOR descriptor = NULL;
  if (GetNamedSecurityInfoW(path, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &owner, NULL, NULL, NULL, &descriptor)) return FALSE;
  BYTE user[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
  DWORD size;
  HANDLE token;
  BOOL own = IsWellKnownSid(owner, WinLocalSystemSid) || IsWellKnownSid(owner, WinBuiltinAdministratorsSid);
  if (OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
    own = own || (GetTokenInformation(token, TokenUser, user, sizeof user, &size) && EqualSid(owner, ((TOKEN_USER *)user)->User.Sid));
    CloseHandle(token);
  }
  LocalFree(descriptor);
  return own;
}

// A new file with the text in UTF-8; one that is there is replaced, so that nobody holds it open. Null rights: the folder's.
static BOOL write_file(const wchar_t *path, const wchar_t *text, const wchar_t *rights) {
  char bytes[8192];
  int length = WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, sizeof bytes, NULL, NULL) - 1;
  SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, FALSE};
  if (length < 0) return FALSE;
  if (rights != NULL && !ConvertStringSecurityDescriptorToSecurityDescriptorW(rights, SDDL_REVISION_1, &attributes.lpSecurityDescriptor, NULL)) return FALSE;
  DeleteFileW(path);
  HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, &attributes, CREATE_NEW, 0, NULL);
  LocalFree(attributes.lpSecurityDescriptor);
  if (file == INVALID_HANDLE_VALUE) return FALSE;
  DWORD written;
  BOOL done = WriteFile(file, bytes, (DWORD)length, &written, NULL) && written == (DWORD)length;
  return CloseHandle(file) && done;
}

// Splits at each `|`; what is missing is empty.
static void split(wchar_t *text, wchar_t **parts, int count) {
  for (int i = 0; i < count; i++) {
    parts[i] = text;
    wchar_t *end = wcschr(text, L'|');
    if (end != NULL) *end++ = 0;
    text = end != NULL ? end : text + wcslen(text);
  }
}

static UINT fail(MSIHANDLE installer, const wchar_t *message) {
  MSIHANDLE record = MsiCreateRecord(1);
  MsiRecordSetStringW(record, 0, message);
  MsiProcessMessage(installer, INSTALLMESSAGE_ERROR, record);
  MsiCloseHandle(record);
  return ERROR_INSTALL_FAILURE;
}

static BOOL find_folder(wchar_t *folder) {
  path_t data;
  if (FAILED(SHGetFolderPathW(NULL, CSIDL_COMMON_APPDATA, NULL, 0, data))) return FALSE;
  _snwprintf(folder, sizeof(path_t) / sizeof(wchar_t), L"%ls\\Cutoff", data);
  return TRUE;
}

// CustomActionData: server|token|fingerprint of the organisation's key; each may be empty. What was there stays where nothing is said.
__declspec(dllexport) UINT __stdcall Configure(MSIHANDLE installer) {
  path_t folder, state, managed, settings, token_file;
  wchar_t given[2048] = L"", text[4096];
  wchar_t *parts[3];
  DWORD size = sizeof given / sizeof *given;
  if (MsiGetPropertyW(installer, L"CustomActionData", given, &size) != ERROR_SUCCESS)
    return fail(installer, L"SERVER, TOKEN and ORGANISATIONKEY are too long together. [installer-value-long]");
  if (wcspbrk(given, L"'\r\n") != NULL)
    return fail(installer, L"SERVER, TOKEN or ORGANISATIONKEY has a quote or a line break in it: give it without. [installer-value-invalid]");
  split(given, parts, 3);
  if (!find_folder(folder)) return fail(installer, L"Windows does not say where ProgramData is. [installer-folder-unknown]");
  // Every account may make folders in ProgramData: one that somebody has put there before us is set aside, and nothing of it counts.
  if (is_there(folder) && !is_own(folder)) {
    path_t aside;
    _snwprintf(aside, sizeof aside / sizeof *aside, L"%ls-not-ours-%llu", folder, (unsigned long long)GetTickCount64());
    if (!MoveFileW(folder, aside))
      return fail(installer, L"The folder Cutoff in ProgramData belongs to another account and cannot be moved: delete it. [installer-folder-foreign]");
  }
  _snwprintf(state, sizeof state / sizeof *state, L"%ls\\State", folder);
  _snwprintf(managed, sizeof managed / sizeof *managed, L"%ls\\conf.d", folder);
  _snwprintf(settings, sizeof settings / sizeof *settings, L"%ls\\10-installer.yaml", managed);
  _snwprintf(token_file, sizeof token_file / sizeof *token_file, L"%ls\\enrolment-token", folder);
  if (!protect_folder(folder, FOR_ALL_TO_READ) || !protect_folder(managed, FOR_ALL_TO_READ) || !protect_folder(state, FOR_THE_AGENT))
    return fail(installer, L"The folder Cutoff in ProgramData cannot be made or protected. [installer-folder-unprotected]");
  if (*parts[1] != 0 && !write_file(token_file, parts[1], FOR_THE_AGENT))
    return fail(installer, L"The enrolment token cannot be written to Cutoff in ProgramData. [installer-write-failed]");
  if (is_there(settings) && *parts[0] == 0 && *parts[1] == 0 && *parts[2] == 0) return ERROR_SUCCESS;
  const wchar_t *setting[][2] = {
      {L"stateFolder", state}, {L"tokenFile", is_there(token_file) ? token_file : L""}, {L"server", parts[0]}, {L"organisationKey", parts[2]}};
  wcscpy(text, L"# Written by the installer: what msiexec was told. settings.yaml beside this folder is the administrator's own.\r\n");
  for (int i = 0; i < 4; i++)
    if (*setting[i][1] != 0) _snwprintf(text + wcslen(text), sizeof text / sizeof *text - wcslen(text), L"%ls: '%ls'\r\n", setting[i][0], setting[i][1]);
  if (!write_file(settings, text, NULL)) return fail(installer, L"The settings cannot be written to Cutoff in ProgramData. [installer-write-failed]");
  return ERROR_SUCCESS;
}

// PURGE=1 at the removal: what the agent knew, its settings and the token. The folder is ours alone, so that no link leads out of it.
__declspec(dllexport) UINT __stdcall Purge(MSIHANDLE installer) {
  path_t folder = L"";
  (void)installer;
  if (!find_folder(folder) || !is_there(folder)) return ERROR_SUCCESS;
  folder[wcslen(folder) + 1] = 0; // The list of paths ends with two.
  SHFILEOPSTRUCTW removal = {.wFunc = FO_DELETE, .pFrom = folder, .fFlags = FOF_NO_UI};
  return SHFileOperationW(&removal) == 0 && !is_there(folder) ? ERROR_SUCCESS : fail(installer, L"Cutoff in ProgramData cannot be removed. [installer-purge-failed]");
}

// What shows notices in accounts' sessions, before its program is replaced or removed: a file that runs could not be. The agents that
// it started end with it. Whatever comes of it is passed over: at worst Windows wants to be started anew.
__declspec(dllexport) UINT __stdcall EndNotices(MSIHANDLE installer) {
  PROCESSENTRY32W process = {.dwSize = sizeof process};
  HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  (void)installer;
  if (all == INVALID_HANDLE_VALUE) return ERROR_SUCCESS;
  for (BOOL more = Process32FirstW(all, &process); more; more = Process32NextW(all, &process)) {
    if (_wcsicmp(process.szExeFile, L"cutoff-notice.exe") != 0) continue;
    HANDLE opened = OpenProcess(PROCESS_TERMINATE | SYNCHRONIZE, FALSE, process.th32ProcessID);
    if (opened == NULL) continue;
    if (TerminateProcess(opened, 0)) WaitForSingleObject(opened, 5000);
    CloseHandle(opened);
  }
  CloseHandle(all);
  return ERROR_SUCCESS;
}
