using Freshet.FileSystem;

namespace Freshet.Running;

/// <summary>
/// How many connections and open files a session may have, so that the process never comes to the system's limit on its handles. There not
/// only sockets and files fail: the runtime itself needs one to load a part of the program, and may end the process for want of it.
/// </summary>
/// <param name="Connections">The most connections.</param>
/// <param name="Files">The most files open at once.</param>
/// <param name="Strangers">
/// The most incoming connections that may stay without a handshake; twice as many may be there for a moment.
/// </param>
internal readonly record struct HandleBudget(int Connections, int Files, int Strangers)
{
    // For trackers, state files, folders that are flushed, and the runtime.
    private const int Reserve = 32;
    private const int FewestFiles = 8;
    private const int FewestConnections = 2;
    private const int FewestStrangers = 2;

    /// <summary>As the options say, as far as the system allows.</summary>
    public static HandleBudget Of(SessionOptions options)
    {
        HandleBudget wanted = new(options.MaxConnections, options.MaxOpenFiles, options.MaxHalfOpen);
        return Native.TryGetHandleLimit() is { } limit ? Fit(wanted, limit - CountOpen()) : wanted;
    }

    /// <summary>
    /// What is wanted if there is room for it, else a quarter of the room for files, a quarter for strangers, and the rest for connections.
    /// </summary>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="free">Handles that can still be had.</param>
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
            // As many as a process has at its start.
            return 64;
        }
    }
}
