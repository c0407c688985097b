using System.Runtime.InteropServices;

namespace Freshet.Cli.Consoles;

/// <summary>
/// Turns the first Ctrl-C or SIGTERM into a cancelled token, so that a command can save its state and leave. A second one ends the process
/// at once, unless it comes within <see cref="SameWish"/> of the first.
/// </summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>
    /// Signals this close together count as one. <c>timeout</c> signals its child and then the whole process group, so the child gets two
    /// within microseconds; a closing terminal may send SIGHUP twice, too.
    /// </summary>
    public static readonly TimeSpan SameWish = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _source = new();
    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly Action<int> _leave;
    private readonly PosixSignalRegistration[] _registrations;
    private long? _first;

    public Interruption()
        : this(TimeProvider.System, LeaveAtOnce)
    {
    }

    /// <param name="clock">Measures the time between signals.</param>
    /// <param name="leave">Ends the process with an exit code.</param>
    internal Interruption(TimeProvider clock, Action<int> leave)
    {
        _clock = clock;
        _leave = leave;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
        ];
    }

    public CancellationToken Token => _source.Token;

    /// <summary>The exit code of an interrupted command: 128 plus the number of the signal, as in shells.</summary>
    public int ExitCode { get; private set; } = Cli.ExitCode.Interrupted;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    internal void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        switch (Count())
        {
            case Wish.Save:
                ExitCode = ExitCodeOf(context.Signal);
                _source.Cancel();
                break;
            case Wish.LeaveAtOnce:
                _leave(ExitCodeOf(context.Signal));
                break;
        }
    }

    private static int ExitCodeOf(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGTERM => Cli.ExitCode.Terminated,
        PosixSignal.SIGHUP => Cli.ExitCode.HungUp,
        _ => Cli.ExitCode.Interrupted,
    };

    private static void LeaveAtOnce(int exitCode)
    {
        // A live screen hides the cursor and has no time left to show it again.
        if (!OperatingSystem.IsWindows() && !Console.IsOutputRedirected)
            new DescriptorStream(1).Write("\e[?25h\n"u8);

        Environment.Exit(exitCode);
    }

    private Wish Count()
    {
        lock (_lock)
        {
            if (_first is { } first)
                return _clock.GetElapsedTime(first) < SameWish ? Wish.Same : Wish.LeaveAtOnce;
            _first = _clock.GetTimestamp();
            return Wish.Save;
        }
    }

    private enum Wish
    {
        Save,
        Same,
        LeaveAtOnce,
    }
}
