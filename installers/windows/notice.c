// Notices for whoever is logged in. Windows starts it at each login, as the account and with its rights: it has the agent beside it
// look for what is new, without a window, then and whenever the agent's service says that there is news; meanwhile it only waits.
// The agent has each notice shown by this program again (`--show`), as a window that stays until it is closed, so that nothing
// counts as shown which nobody can have read. Decides nothing, and hands on nothing of its surroundings.
#include "environment.h"
#include <commctrl.h>
#include <shlobj.h>

#define AGAIN_MS (10 * 60 * 1000)
#define MOST_BYTES 16384

typedef wchar_t path_t[2 * MAX_PATH];

// The agent's whole environment.
static void make_environment(wchar_t *at, const wchar_t *windows) {
  path_t local = L"", profile = L"";
  SHGetFolderPathW(NULL, CSIDL_LOCAL_APPDATA, NULL, 0, local);
  SHGetFolderPathW(NULL, CSIDL_PROFILE, NULL, 0, profile);
  at = variable(at, L"LOCALAPPDATA", local, L"");
  at = variable(at, L"PATH", windows, L"\\System32");
  at = system_variables(at, windows, local, L"\\Temp");
  at = variable(at, L"USERPROFILE", profile, L"");
  at = variable(at, L"windir", windows, L"");
  *at = 0;
}

// Has the agent look for what is new, and waits until all of it is shown. The agent ends with this process.
static void look_for_news(const wchar_t *folder, HANDLE job) {
  path_t program, windows = L"";
  wchar_t command[3 * MAX_PATH], environment[16 * MAX_PATH];
  PROCESS_INFORMATION agent;
  STARTUPINFOW start = {.cb = sizeof start};
  BOOL chinese = PRIMARYLANGID(GetUserDefaultUILanguage()) == LANG_CHINESE;
  GetSystemWindowsDirectoryW(windows, MAX_PATH);
  make_environment(environment, windows);
  swprintf(program, sizeof program / sizeof *program, L"%ls\\cutoff-agent.exe", folder);
  swprintf(command, sizeof command / sizeof *command, L"\"%ls\" notice --wait 120 --lang %ls", program, chinese ? L"zh-CN" : L"en");
  DWORD flags = CREATE_SUSPENDED | CREATE_NO_WINDOW | CREATE_UNICODE_ENVIRONMENT | IDLE_PRIORITY_CLASS;
  if (!CreateProcessW(program, command, NULL, NULL, FALSE, flags, environment, folder, &start, &agent)) return;
  if (!AssignProcessToJobObject(job, agent.hProcess)) TerminateProcess(agent.hProcess, 1);
  ResumeThread(agent.hThread);
  CloseHandle(agent.hThread);
  WaitForSingleObject(agent.hProcess, INFINITE);
  CloseHandle(agent.hProcess);
}

// Until the agent's service has written a file into the folder of copies: `news`, the copies themselves lie deeper.
static void wait_for_news(HANDLE *changes) {
  path_t folder;
  if (*changes == INVALID_HANDLE_VALUE && SUCCEEDED(SHGetFolderPathW(NULL, CSIDL_COMMON_APPDATA, NULL, 0, folder))) {
    wcscat(folder, L"\\Cutoff\\State-accounts");
    *changes = FindFirstChangeNotificationW(folder, FALSE, FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_LAST_WRITE);
  }
  // Not there before the service was started for the first time.
  if (*changes == INVALID_HANDLE_VALUE) return Sleep(AGAIN_MS);
  WaitForSingleObject(*changes, INFINITE);
  // A file takes another's place in two steps.
  Sleep(1000);
  FindNextChangeNotification(*changes);
}

static int stay(void) {
  path_t folder;
  GetModuleFileNameW(NULL, folder, MAX_PATH);
  wchar_t *end = wcsrchr(folder, L'\\');
  CreateMutexW(NULL, FALSE, L"Local\\CutoffNotice");
  // Once for each session.
  if (end == NULL || GetLastError() == ERROR_ALREADY_EXISTS) return 0;
  *end = 0;
  HANDLE job = CreateJobObjectW(NULL, NULL);
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE};
  SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
  HANDLE changes = INVALID_HANDLE_VALUE;
  for (;;) {
    look_for_news(folder, job);
    wait_for_news(&changes);
  }
}

// A notice from standard input, UTF-8: its title in the first line, then its text. 0 once it was closed.
static int show(void) {
  char bytes[MOST_BYTES];
  wchar_t title[MOST_BYTES];
  DWORD size = 0, got;
  while (size < sizeof bytes && ReadFile(GetStdHandle(STD_INPUT_HANDLE), bytes + size, sizeof bytes - size, &got, NULL) && got > 0) size += got;
  int length = MultiByteToWideChar(CP_UTF8, 0, bytes, (int)size, title, MOST_BYTES - 1);
  title[length] = 0;
  wchar_t *text = wcschr(title, L'\n');
  if (text == NULL) return 1;
  *text++ = 0;
  TASKDIALOGCONFIG dialog = {
      .cbSize = sizeof dialog,
      .hInstance = GetModuleHandleW(NULL),
      .dwFlags = TDF_ALLOW_DIALOG_CANCELLATION | TDF_CAN_BE_MINIMIZED,
      .dwCommonButtons = TDCBF_CLOSE_BUTTON,
      .pszWindowTitle = L"Cutoff",
      .pszMainIcon = TD_INFORMATION_ICON,
      .pszMainInstruction = title,
      .pszContent = text,
      .cxWidth = 320,
  };
  return TaskDialogIndirect(&dialog, NULL, NULL, NULL) == S_OK ? 0 : 1;
}

int WINAPI wWinMain(HINSTANCE self, HINSTANCE before, wchar_t *words, int how) {
  (void)self, (void)before, (void)how;
  // What is loaded from here on is Windows' own.
  SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32);
  return wcscmp(words, L"--show") == 0 ? show() : stay();
}
