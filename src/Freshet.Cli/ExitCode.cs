namespace Freshet.Cli;

/// <summary>What a run of <c>freshet</c> ends with.</summary>
internal static class ExitCode
{
    /// <summary>Done. A complete torrent that is stopped is done, too.</summary>
    public const int Done = 0;

    /// <summary>Failed; the reason is on the error stream.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int WrongUsage = 2;

    /// <summary>Interrupted by Ctrl-C, or because nobody reads the output any more.</summary>
    public const int Interrupted = 130;

    /// <summary>Interrupted because the terminal was closed (128 and the number of SIGHUP).</summary>
    public const int HungUp = 129;

    /// <summary>Interrupted by SIGTERM (128 and its number).</summary>
    public const int Terminated = 143;
}
