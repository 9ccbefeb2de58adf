// The Windows service: Node is none by itself. Runs the agent that lies beside it, starts it again when it ends, keeps the log of its
// words small, and ends it with itself. Decides nothing, takes no arguments, and hands on nothing of its own surroundings.
#include "account-folders.h"
#include "environment.h"
#include <shlobj.h>
#include <string.h>

#define RESTART_MS (2 * 60 * 1000)
#define LOG_BYTES (1024 * 1024)
#define LOG_LOOK_MS (60 * 1000)
// To end in order, which tells the server so: when somebody stops the service, and when Windows, which waits 5 seconds, ends.
#define STOP_MS 15000
#define SHUTDOWN_MS 3000

typedef wchar_t path_t[2 * MAX_PATH];

static wchar_t name[] = L"CutoffAgent";
static SERVICE_STATUS_HANDLE service;
static HANDLE stopping, words = INVALID_HANDLE_VALUE;
static volatile DWORD grace_ms = STOP_MS;
static path_t folder, data, log_path, old_log_path, copies;

static void tell(DWORD state, DWORD error) {
  SERVICE_STATUS status = {SERVICE_WIN32_OWN_PROCESS, state, 0, error, 0, 0, 2 * STOP_MS};
  if (state == SERVICE_RUNNING) status.dwControlsAccepted = SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN;
  SetServiceStatus(service, &status);
}

static DWORD WINAPI control(DWORD code, DWORD type, void *event, void *context) {
  (void)type, (void)event, (void)context;
  if (code == SERVICE_CONTROL_INTERROGATE) return NO_ERROR;
  if (code != SERVICE_CONTROL_STOP && code != SERVICE_CONTROL_SHUTDOWN) return ERROR_CALL_NOT_IMPLEMENTED;
  if (code == SERVICE_CONTROL_SHUTDOWN) grace_ms = SHUTDOWN_MS;
  tell(SERVICE_STOP_PENDING, NO_ERROR);
  SetEvent(stopping);
  return NO_ERROR;
}

// The log is written at its end alone, by this process and by the agent, so that both go on where it was emptied.
static void open_log(void) {
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
  words = CreateFileW(log_path, FILE_APPEND_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE, FILE_SHARE_READ | FILE_SHARE_WRITE, &inherited, OPEN_ALWAYS, 0, NULL);
}

static void note(const char *what, DWORD number) {
  SYSTEMTIME at;
  char line[128];
  DWORD written;
  GetSystemTime(&at);
  int length = snprintf(line, sizeof line, "%04d-%02d-%02dT%02d:%02d:%02dZ service: %s %lu\r\n", at.wYear, at.wMonth, at.wDay, at.wHour, at.wMinute, at.wSecond, what, number);
  WriteFile(words, line, (DWORD)length, &written, NULL);
}

// What was written is set aside, in place of what was set aside before.
static void keep_log_small(void) {
  LARGE_INTEGER size;
  if (!GetFileSizeEx(words, &size) || size.QuadPart < LOG_BYTES) return;
  CopyFileW(log_path, old_log_path, FALSE);
  HANDLE emptied = CreateFileW(log_path, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, TRUNCATE_EXISTING, 0, NULL);
  if (emptied != INVALID_HANDLE_VALUE) CloseHandle(emptied);
}

// The agent's whole environment. Files for a moment lie with the state, which accounts cannot write.
static void make_environment(wchar_t *at) {
  path_t windows = L"", files = L"";
  GetSystemWindowsDirectoryW(windows, MAX_PATH);
  SHGetFolderPathW(NULL, CSIDL_PROGRAM_FILES, NULL, 0, files);
  at = variable(at, L"PATH", windows, L"\\System32");
  at = variable(at, L"ProgramData", data, L"");
  at = variable(at, L"ProgramFiles", files, L"");
  at = system_variables(at, windows, data, L"\\Cutoff\\State");
  at = variable(at, L"windir", windows, L"");
  *at = 0;
}

static BOOL find_places(void) {
  GetModuleFileNameW(NULL, folder, MAX_PATH);
  wchar_t *end = wcsrchr(folder, L'\\');
  if (end == NULL || FAILED(SHGetFolderPathW(NULL, CSIDL_COMMON_APPDATA, NULL, 0, data))) return FALSE;
  *end = 0;
  swprintf(log_path, sizeof log_path / sizeof *log_path, L"%ls\\Cutoff\\State\\service.log", data);
  swprintf(copies, sizeof copies / sizeof *copies, L"%ls\\Cutoff\\State-accounts", data);
  swprintf(old_log_path, sizeof old_log_path / sizeof *old_log_path, L"%ls\\Cutoff\\State\\service.old.log", data);
  return TRUE;
}

// The agent, in a job that ends with this process, so that none is left over. False where it cannot be started.
static BOOL start_agent(HANDLE job, PROCESS_INFORMATION *agent) {
  path_t program;
  wchar_t command[4 * MAX_PATH], environment[24 * MAX_PATH];
  swprintf(program, sizeof program / sizeof *program, L"%ls\\cutoff-agent.exe", folder);
  swprintf(command, sizeof command / sizeof *command, L"\"%ls\" run --state \"%ls\\Cutoff\\State\"", program, data);
  make_environment(environment);
  keep_log_small();
  STARTUPINFOW start = {.cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES, .hStdOutput = words, .hStdError = words};
  DWORD flags = CREATE_SUSPENDED | CREATE_NO_WINDOW | CREATE_UNICODE_ENVIRONMENT;
  if (!CreateProcessW(program, command, NULL, NULL, TRUE, flags, environment, folder, &start, agent)) {
    note("the agent cannot be started, error", GetLastError());
    return FALSE;
  }
  if (!AssignProcessToJobObject(job, agent->hProcess)) {
    // Never one that would outlive the service.
    TerminateProcess(agent->hProcess, 1);
  }
  ResumeThread(agent->hThread);
  CloseHandle(agent->hThread);
  note("the agent is started as process", agent->dwProcessId);
  return TRUE;
}

// By Ctrl+C in the console without a window that it has: this process has none, and borrows it. Killed where that does not do.
static void end_agent(HANDLE job, const PROCESS_INFORMATION *agent) {
  if (AttachConsole(agent->dwProcessId)) {
    SetConsoleCtrlHandler(NULL, TRUE); // Not this process.
    GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0);
    FreeConsole();
    if (WaitForSingleObject(agent->hProcess, grace_ms) == WAIT_OBJECT_0) {
      note("the agent has ended in order, after process", agent->dwProcessId);
      return;
    }
  }
  TerminateJobObject(job, 1);
  WaitForSingleObject(agent->hProcess, STOP_MS);
  note("the agent was killed, process", agent->dwProcessId);
}

static void WINAPI service_main(DWORD count, wchar_t **arguments) {
  (void)count, (void)arguments;
  service = RegisterServiceCtrlHandlerExW(name, control, NULL);
  stopping = CreateEventW(NULL, TRUE, FALSE, NULL);
  HANDLE job = CreateJobObjectW(NULL, NULL);
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE};
  SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
  PROCESS_INFORMATION agent;
  BOOL found = find_places();
  if (found) {
    open_log();
    make_account_folders(copies, TRUE);
  }
  if (!found || !start_agent(job, &agent)) {
    tell(SERVICE_STOPPED, ERROR_FILE_NOT_FOUND);
    return;
  }
  tell(SERVICE_RUNNING, NO_ERROR);
  BOOL runs = TRUE;
  for (;;) {
    // Once the agent has ended there is the event alone to wait for, as long as it takes to start it again.
    HANDLE awaited[] = {stopping, agent.hProcess};
    DWORD over = WaitForMultipleObjects(runs ? 2 : 1, awaited, FALSE, runs ? LOG_LOOK_MS : RESTART_MS);
    if (over == WAIT_OBJECT_0 || over == WAIT_FAILED) break;
    if (over == WAIT_OBJECT_0 + 1) {
      DWORD status = 0;
      GetExitCodeProcess(agent.hProcess, &status);
      note("the agent is started again in two minutes: it ended with status", status);
      CloseHandle(agent.hProcess);
      runs = FALSE;
    } else if (runs) {
      keep_log_small();
      make_account_folders(copies, FALSE);
    } else {
      runs = start_agent(job, &agent);
    }
  }
  if (runs) end_agent(job, &agent);
  tell(SERVICE_STOPPED, NO_ERROR);
}

int main(void) {
  SERVICE_TABLE_ENTRYW table[] = {{name, service_main}, {NULL, NULL}};
  return StartServiceCtrlDispatcherW(table) ? 0 : 1;
}
