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

    /// <summary>What an interrupted command ends with: 128 and the number of the signal, as shells count.</summary>
    public int ExitCode { get; private set; } = Cli.ExitCode.Interrupted;

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
        ExitCode = context.Signal switch
        {
            PosixSignal.SIGTERM => Cli.ExitCode.Terminated,
            PosixSignal.SIGHUP => Cli.ExitCode.HungUp,
            _ => Cli.ExitCode.Interrupted,
        };
        _source.Cancel();
    }

    private void LeaveAtOnce()
    {
        // A live screen hides the cursor and has no time left to show it again.
        if (!OperatingSystem.IsWindows() && !Console.IsOutputRedirected)
            new DescriptorStream(1).Write("\e[?25h\n"u8);

        Environment.Exit(ExitCode);
    }
}
