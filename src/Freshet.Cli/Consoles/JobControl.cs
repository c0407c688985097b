using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Freshet.Cli.Consoles;

/// <summary>
/// Lets a live screen take part in a shell's job control: the terminal is restored before Ctrl-Z stops the process, and the screen is
/// redrawn when the process continues.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class JobControl : IDisposable
{
    private readonly PosixSignalRegistration _stop;
    private readonly PosixSignalRegistration _continue;

    /// <param name="leave">Restores the terminal.</param>
    /// <param name="resume">Redraws the screen.</param>
    public JobControl(Action leave, Action resume)
    {
        _stop = PosixSignalRegistration.Create(PosixSignal.SIGTSTP, context =>
        {
            context.Cancel = true;
            leave();
            Native.StopProcess();
        });
        _continue = PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => resume());
    }

    public void Dispose()
    {
        _stop.Dispose();
        _continue.Dispose();
    }
}
