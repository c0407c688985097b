using System.Runtime.InteropServices;

namespace Freshet.Cli.Consoles;

/// <summary>
/// Turns the first Ctrl-C or SIGTERM into a cancelled token, so that a command can save its state and leave. The second ends the
/// process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;

    public Interruption() =>
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
        ];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signals) > 1)
            LeaveAtOnce();
        _source.Cancel();
    }

    private static void LeaveAtOnce()
    {
        // A live screen hides the cursor, and has no time now to show it again.
        if (!Console.IsOutputRedirected)
            Console.Out.Write("\e[?25h\n");
        Environment.Exit(ExitCode.Interrupted);
    }
}
