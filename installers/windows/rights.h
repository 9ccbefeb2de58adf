// Folders of the agent with rights of their own, for the service and for the installer.
#include <windows.h>

// For the system, administrators and everybody to read; and for the agent alone. Protected: what %ProgramData% would hand down lets
// every account make files. SY: the system, BA: administrators, BU: accounts.
#define FOR_ALL_TO_READ L"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)"
#define FOR_THE_AGENT L"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"

// The folder with these rights and no others, made where it is not there. False where it cannot be made or protected.
BOOL protect_folder(const wchar_t *path, const wchar_t *rights);
