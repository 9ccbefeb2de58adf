// The Windows service: Node is none by itself. Runs the agent that lies beside it, starts it again when it ends, and ends it with
// itself (the agent loses nothing by being killed). Decides nothing, and takes no arguments.
#include <shlobj.h>
#include <wchar.h>
#include <windows.h>

#define RESTART_MS (2 * 60 * 1000)
#define LOG_BYTES (1024 * 1024)

static wchar_t name[] = L"CutoffAgent";
static SERVICE_STATUS_HANDLE service;
static HANDLE stopping;

static void tell(DWORD state, DWORD error) {
  SERVICE_STATUS status = {SERVICE_WIN32_OWN_PROCESS, state, 0, error, 0, 0, 30000};
  if (state == SERVICE_RUNNING) status.dwControlsAccepted = SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN;
  SetServiceStatus(service, &status);
}

static DWORD WINAPI control(DWORD code, DWORD type, void *data, void *context) {
  (void)type, (void)data, (void)context;
  if (code == SERVICE_CONTROL_INTERROGATE) return NO_ERROR;
  if (code != SERVICE_CONTROL_STOP && code != SERVICE_CONTROL_SHUTDOWN) return ERROR_CALL_NOT_IMPLEMENTED;
  tell(SERVICE_STOP_PENDING, NO_ERROR);
  SetEvent(stopping);
  return NO_ERROR;
}

// A file of the agent's words, begun anew once it is large.
static HANDLE open_log(const wchar_t *path) {
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
  HANDLE log = CreateFileW(path, FILE_APPEND_DATA | FILE_READ_ATTRIBUTES, FILE_SHARE_READ, &inherited, OPEN_ALWAYS, 0, NULL);
  LARGE_INTEGER size;
  if (log == INVALID_HANDLE_VALUE || !GetFileSizeEx(log, &size) || size.QuadPart < LOG_BYTES) return log;
  CloseHandle(log);
  return CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ, &inherited, CREATE_ALWAYS, 0, NULL);
}

// The agent, in a job that ends with this process, so that none is left over. Null where it cannot be started.
static HANDLE start_agent(HANDLE job) {
  wchar_t folder[MAX_PATH], data[MAX_PATH], program[MAX_PATH], log_path[MAX_PATH], command[3 * MAX_PATH];
  GetModuleFileNameW(NULL, folder, MAX_PATH);
  wchar_t *end = wcsrchr(folder, L'\\');
  if (end == NULL || FAILED(SHGetFolderPathW(NULL, CSIDL_COMMON_APPDATA, NULL, 0, data))) return NULL;
  *end = 0;
  _snwprintf(program, MAX_PATH, L"%ls\\cutoff-agent.exe", folder);
  _snwprintf(log_path, MAX_PATH, L"%ls\\Cutoff\\State\\service.log", data);
  _snwprintf(command, 3 * MAX_PATH, L"\"%ls\" run --state \"%ls\\Cutoff\\State\"", program, data);
  HANDLE log = open_log(log_path);
  STARTUPINFOW start = {.cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES, .hStdOutput = log, .hStdError = log};
  PROCESS_INFORMATION agent;
  BOOL made = CreateProcessW(program, command, NULL, NULL, TRUE, CREATE_SUSPENDED | CREATE_NO_WINDOW, NULL, folder, &start, &agent);
  if (log != INVALID_HANDLE_VALUE) CloseHandle(log);
  if (!made) return NULL;
  if (!AssignProcessToJobObject(job, agent.hProcess)) {
    // Never one that would outlive the service.
    TerminateProcess(agent.hProcess, 1);
  }
  ResumeThread(agent.hThread);
  CloseHandle(agent.hThread);
  return agent.hProcess;
}

static void WINAPI service_main(DWORD count, wchar_t **words) {
  (void)count, (void)words;
  service = RegisterServiceCtrlHandlerExW(name, control, NULL);
  stopping = CreateEventW(NULL, TRUE, FALSE, NULL);
  HANDLE job = CreateJobObjectW(NULL, NULL);
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE};
  SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
  HANDLE agent = start_agent(job);
  if (agent == NULL) {
    tell(SERVICE_STOPPED, GetLastError());
    return;
  }
  tell(SERVICE_RUNNING, NO_ERROR);
  for (;;) {
    // Once the agent has ended there is the event alone to wait for, as long as it takes to start it again.
    HANDLE awaited[] = {stopping, agent};
    DWORD over = WaitForMultipleObjects(agent == NULL ? 1 : 2, awaited, FALSE, agent == NULL ? RESTART_MS : INFINITE);
    if (over == WAIT_OBJECT_0) break;
    if (agent == NULL) {
      agent = start_agent(job);
    } else {
      CloseHandle(agent);
      agent = NULL;
    }
  }
  TerminateJobObject(job, 0);
  if (agent != NULL) WaitForSingleObject(agent, 10000);
  tell(SERVICE_STOPPED, NO_ERROR);
}

int main(void) {
  SERVICE_TABLE_ENTRYW table[] = {{name, service_main}, {NULL, NULL}};
  return StartServiceCtrlDispatcherW(table) ? 0 : 1;
}
