namespace Freshet.Cli;

/// <summary>What a run of <c>freshet</c> ends with.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Failed; the reason is on the error stream.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int WrongUsage = 2;

    /// <summary>Ended by Ctrl-C, a signal, or because nobody reads the output any more.</summary>
    public const int Interrupted = 130;
}
