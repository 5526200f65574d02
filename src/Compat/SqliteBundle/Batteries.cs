using System.Reflection;
using System.Runtime.InteropServices;

namespace SQLitePCL;

/// <summary>
/// Stand-in for the package SQLitePCLRaw.bundle_e_sqlite3: binds the provider to the SQLite library of the operating system.
/// Microsoft.Data.Sqlite finds this type by its name and calls <see cref="Init"/> before its first connection.
/// </summary>
public static class Batteries_V2
{
    private static readonly string[] Candidates =
    [
        "libsqlite3.so.0", "libsqlite3.so", "/usr/lib/libsqlite3.dylib", "libsqlite3.dylib", "winsqlite3.dll", "sqlite3.dll",
    ];

    private static readonly Lock Gate = new();
    private static bool initialised;

    /// <summary>Binds once per process; later calls do nothing.</summary>
    /// <exception cref="DllNotFoundException">No SQLite library is installed; the message names the package.</exception>
    public static void Init()
    {
        lock (Gate)
        {
            if (initialised)
            {
                return;
            }

            NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
            raw.SetProvider(new SQLite3Provider_e_sqlite3());
            initialised = true;
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != "e_sqlite3")
        {
            return 0;
        }

        foreach (string candidate in Candidates)
        {
            if (NativeLibrary.TryLoad(candidate, out nint handle))
            {
                return handle;
            }
        }

        throw new DllNotFoundException(
            "AIOrleans stores its records in SQLite, and no SQLite library was found. Install it: 'apt-get install libsqlite3-0' (Debian, Ubuntu), "
            + "'dnf install sqlite-libs' (Fedora), 'apk add sqlite-libs' (Alpine); macOS and Windows ship it. Or set Storage:Provider=postgresql.");
    }
}
