namespace Freshet.Cli.Consoles;

/// <summary>Where a command reads and writes: the process's own streams, or a test's.</summary>
internal interface IConsoleStreams
{
    /// <summary>Text of the result. Buffered: flushed at the end of a command, and wherever someone waits for it.</summary>
    TextWriter Out { get; }

    /// <summary>The bytes under <see cref="Out"/>. Flush that one before writing here.</summary>
    Stream OutBytes { get; }

    /// <summary>Reasons of failures and warnings. Not buffered.</summary>
    TextWriter Error { get; }

    /// <summary>What is piped in.</summary>
    Stream In { get; }

    /// <summary>Whether a person looks at <see cref="Out"/>.</summary>
    bool OutIsTerminal { get; }

    /// <summary>Whether a person looks at <see cref="Error"/>.</summary>
    bool ErrorIsTerminal { get; }

    /// <summary>Whether colours may be used on a terminal (<c>NO_COLOR</c>).</summary>
    bool AllowsColor { get; }

    /// <summary>Columns of the terminal; 80 where that is not known.</summary>
    int Width { get; }

    /// <summary>Lines of the terminal; 24 where that is not known.</summary>
    int Height { get; }

    /// <summary>What a command that is interrupted before it is done ends with.</summary>
    int InterruptedExitCode { get; }

    /// <summary>Takes part in the shell's job control (Ctrl-Z) until disposed of; null where there is none.</summary>
    /// <param name="leave">Puts the terminal in order before the process stops.</param>
    /// <param name="resume">Draws again when it goes on.</param>
    IDisposable? ControlJob(Action leave, Action resume);
}
