using System.Globalization;

namespace Freshet.Cli.Consoles;

/// <summary>
/// Which threads finish what sockets have begun. By default, one thread waits for all sockets and hands each over to the thread pool; here,
/// a few threads wait, and go on with what they waited for: see ADR 15. The runtime offers this by environment variables alone, and reads
/// them when the first socket is used.
/// </summary>
internal static class SocketThreads
{
    private const string Prefix = "DOTNET_SYSTEM_NET_SOCKETS_";
    private const string Inline = Prefix + "INLINE_COMPLETIONS";
    private const string Count = Prefix + "THREAD_COUNT";

    // One for each processor would be the runtime's choice.
    private const int Most = 8;

    /// <summary>Removes the choice from a program's environment: it is for this process alone.</summary>
    public static void HideFrom(IDictionary<string, string?> environment)
    {
        environment.Remove(Inline);
        environment.Remove(Count);
    }

    /// <summary>Makes the choice, unless the user has made another.</summary>
    public static void Choose() =>
        Choose(Environment.GetEnvironmentVariable, Environment.SetEnvironmentVariable, Environment.ProcessorCount);

    /// <param name="get">Gives an environment variable, or null.</param>
    /// <param name="set">Sets one.</param>
    /// <param name="processors">The number of processors.</param>
    /// <inheritdoc cref="Choose()"/>
    public static void Choose(Func<string, string?> get, Action<string, string> set, int processors)
    {
        if (get(Inline) is not null)
            return;
        set(Inline, "1");
        if (processors > Most && get(Count) is null)
            set(Count, Most.ToString(CultureInfo.InvariantCulture));
    }
}
