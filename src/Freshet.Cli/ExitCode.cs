namespace Freshet.Cli;

/// <summary>The exit codes of <c>freshet</c>.</summary>
internal static class ExitCode
{
    /// <summary>Success. Stopping a complete torrent counts as success, too.</summary>
    public const int Done = 0;

    /// <summary>Failed; the reason is on the error stream.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int WrongUsage = 2;

    /// <summary>Interrupted by Ctrl-C, or because the reader of the output has gone.</summary>
    public const int Interrupted = 130;

    /// <summary>Interrupted because the terminal was closed (128 plus the number of SIGHUP).</summary>
    public const int HungUp = 129;

    /// <summary>Interrupted by SIGTERM (128 plus its number).</summary>
    public const int Terminated = 143;
}
