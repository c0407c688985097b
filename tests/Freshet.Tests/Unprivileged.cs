using System.Runtime.InteropServices;

namespace Freshet.Tests;

/// <summary>Runs something without the administrator's rights over files, so that tests of such rights work for everybody.</summary>
internal static partial class Unprivileged
{
    private const uint Nobody = 65534;

    /// <summary>Whether that is possible here.</summary>
    public static bool IsPossible => OperatingSystem.IsLinux() || (!OperatingSystem.IsWindows() && !Environment.IsPrivilegedProcess);

    public static T Run<T>(Func<T> action)
    {
        if (!Environment.IsPrivilegedProcess)
            return action();

        // The kernel keeps these rights for each thread, so the thread is one of our own.
        T? result = default;
        Exception? failure = null;
        Thread thread = new(() =>
        {
            _ = SetFileSystemUser(Nobody);
            try
            {
                result = action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw failure;
    }

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileSystemUser(uint user);
}
