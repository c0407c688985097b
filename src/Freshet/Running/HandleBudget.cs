using Freshet.FileSystem;

namespace Freshet.Running;

/// <summary>
/// How many connections and open files a session may have, so that the process never reaches the system's handle limit. At that limit not
/// only sockets and files fail: the runtime needs handles to load assemblies, and may end the process without one.
/// </summary>
/// <param name="Connections">The maximum number of connections.</param>
/// <param name="Files">The maximum number of open files.</param>
/// <param name="Strangers">The maximum number of incoming connections without a handshake; twice as many for a moment.</param>
internal readonly record struct HandleBudget(int Connections, int Files, int Strangers)
{
    // For trackers, state files, folders being flushed, and the runtime.
    private const int Reserve = 32;
    private const int FewestFiles = 8;
    private const int FewestConnections = 2;
    private const int FewestStrangers = 2;

    /// <summary>The budget that the options ask for, as far as the system allows.</summary>
    public static HandleBudget Of(SessionOptions options)
    {
        HandleBudget wanted = new(options.MaxConnections, options.MaxOpenFiles, options.MaxHalfOpen);
        return Native.TryGetHandleLimit() is { } limit ? Fit(wanted, limit - CountOpen()) : wanted;
    }

    /// <summary>
    /// The wanted budget if there is room for it; otherwise a quarter of the room for files, a quarter for strangers, and the rest for
    /// connections.
    /// </summary>
    /// <param name="wanted">The wanted budget.</param>
    /// <param name="free">The handles that are still available.</param>
    public static HandleBudget Fit(HandleBudget wanted, long free)
    {
        long room = free - Reserve;
        if (room >= (long)wanted.Connections + wanted.Files + (2 * wanted.Strangers))
            return wanted;
        int strangers = (int)Math.Clamp(room / 8, Math.Min(FewestStrangers, wanted.Strangers), wanted.Strangers);
        int files = (int)Math.Clamp(room / 4, Math.Min(FewestFiles, wanted.Files), wanted.Files);
        room -= 2 * strangers;
        int connections = (int)Math.Clamp(room - files, Math.Min(FewestConnections, wanted.Connections), wanted.Connections);
        return new HandleBudget(connections, (int)Math.Clamp(room - connections, files, wanted.Files), strangers);
    }

    private static int CountOpen()
    {
        try
        {
            return Directory.GetFileSystemEntries("/dev/fd").Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As many as a process has when it starts.
            return 64;
        }
    }
}
