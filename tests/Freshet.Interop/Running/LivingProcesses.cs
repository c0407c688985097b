using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Freshet.Interop.Running;

/// <summary>The processes that we have started and that have not been disposed. None of them outlives this one.</summary>
internal static class LivingProcesses
{
    private static readonly ConcurrentDictionary<int, Process> Living = new();
    private static readonly List<PosixSignalRegistration> Registrations = [];

    static LivingProcesses()
    {
        // Signals by themselves too: not every test host makes an orderly exit of SIGTERM.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();
        foreach (PosixSignal signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP })
            Registrations.Add(PosixSignalRegistration.Create(signal, _ => KillAll()));
    }

    public static void Add(Process process) => Living[process.Id] = process;

    public static void Remove(int id) => Living.TryRemove(id, out _);

    /// <summary>Ends a process as <c>kill -9</c> does; one that has ended already is what was wanted.</summary>
    public static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It was disposed in between.
        }
    }

    private static void KillAll()
    {
        foreach (Process process in Living.Values)
            Kill(process);
    }
}
