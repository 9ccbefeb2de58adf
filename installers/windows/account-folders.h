// A folder for each account of the machine, which that account alone may read: the agent puts the account's copy of what it knows
// into it, and need not know of rights.
#include <windows.h>

// Makes those that are missing below the folder. `again`: protects those that are there, too.
void make_account_folders(const wchar_t *folder, BOOL again);
