using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Freshet.Cli.Consoles;

/// <summary>
/// Lets a live screen take part in a shell's job control: before Ctrl-Z stops the process the terminal is put in order, and when the
/// process goes on the screen is drawn again.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class JobControl : IDisposable
{
    private readonly PosixSignalRegistration _stop;
    private readonly PosixSignalRegistration _continue;

    /// <param name="leave">Puts the terminal in order.</param>
    /// <param name="resume">Draws the screen again.</param>
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
