namespace Freshet.Cli.Consoles;

/// <summary>The streams that a command reads and writes: the process's own, or a test's.</summary>
internal interface IConsoleStreams
{
    /// <summary>The text of the result. Buffered: flushed at the end of a command, and wherever someone waits for it.</summary>
    TextWriter Out { get; }

    /// <summary>The bytes below <see cref="Out"/>. Flush that one before writing here.</summary>
    Stream OutBytes { get; }

    /// <summary>Errors and warnings. Not buffered.</summary>
    TextWriter Error { get; }

    /// <summary>Standard input.</summary>
    Stream In { get; }

    /// <summary>Whether <see cref="Out"/> is a terminal.</summary>
    bool OutIsTerminal { get; }

    /// <summary>Whether <see cref="Error"/> is a terminal.</summary>
    bool ErrorIsTerminal { get; }

    /// <summary>Whether colours may be used on a terminal (<c>NO_COLOR</c>).</summary>
    bool AllowsColor { get; }

    /// <summary>The width of the terminal in columns; 80 if it is not known.</summary>
    int Width { get; }

    /// <summary>The height of the terminal in lines; 24 if it is not known.</summary>
    int Height { get; }

    /// <summary>The exit code of a command that is interrupted before it is done.</summary>
    int InterruptedExitCode { get; }

    /// <summary>Takes part in the shell's job control (Ctrl-Z) until disposed; null where there is none.</summary>
    /// <param name="leave">Restores the terminal before the process stops.</param>
    /// <param name="resume">Redraws when the process continues.</param>
    IDisposable? ControlJob(Action leave, Action resume);
}
