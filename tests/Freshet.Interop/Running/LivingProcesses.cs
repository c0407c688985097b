using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Freshet.Interop.Running;

/// <summary>The processes that were started and not yet disposed. None of them outlives the current process.</summary>
internal static class LivingProcesses
{
    private static readonly ConcurrentDictionary<int, Process> Living = new();
    private static readonly List<PosixSignalRegistration> Registrations = [];

    static LivingProcesses()
    {
        // Signals are handled here as well: not every test host turns SIGTERM into an orderly exit.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();
        foreach (PosixSignal signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP })
            Registrations.Add(PosixSignalRegistration.Create(signal, _ => KillAll()));
    }

    public static void Add(Process process) => Living[process.Id] = process;

    public static void Remove(int id) => Living.TryRemove(id, out _);

    /// <summary>Ends a process as <c>kill -9</c> does. It is no error if the process has ended already.</summary>
    public static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // The process was disposed in the meantime.
        }
    }

    private static void KillAll()
    {
        foreach (Process process in Living.Values)
            Kill(process);
    }
}
