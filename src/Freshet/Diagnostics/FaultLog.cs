using Freshet.Core.Rates;
using Freshet.Loops;
using Microsoft.Extensions.Logging;

namespace Freshet.Diagnostics;

/// <summary>
/// Logs exceptions that escaped from work that must continue, which are always bugs. Of one kind only the first few of a minute are logged,
/// and afterwards how many more there were: if a peer can bring one about, it can do so with every datagram, and would fill the disk.
/// </summary>
internal sealed class FaultLog(ILogger logger, TimeProvider time)
{
    /// <summary>Faults of one type at one place that are logged in a minute.</summary>
    public const int MostOfAKind = 5;

    /// <summary>Faults of all kinds that are logged in a minute.</summary>
    public const int Most = 50;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Where, Type Type), int> _logged = [];
    private Timestamp _ends;
    private int _total;
    private long _leftOut;

    /// <summary>Logs a fault, or counts it. Called from any thread.</summary>
    /// <param name="where">The place, in words.</param>
    /// <param name="fault">The exception.</param>
    public void Report(string where, Exception fault)
    {
        bool isLogged = IsLogged((where, fault.GetType()), out long leftOut);
        if (leftOut > 0)
            Log.FaultsLeftOut(logger, leftOut);
        if (isLogged)
            Log.EscapedException(logger, where, fault);
    }

    private bool IsLogged((string, Type) kind, out long leftOut)
    {
        lock (_lock)
        {
            leftOut = 0;
            Timestamp now = time.Now();
            if (now >= _ends)
            {
                (leftOut, _leftOut) = (_leftOut, 0);
                _logged.Clear();
                _total = 0;
                _ends = now + Period;
            }

            int ofKind = _logged.GetValueOrDefault(kind);
            bool isLogged = _total < Most && ofKind < MostOfAKind;
            if (isLogged)
            {
                _logged[kind] = ofKind + 1;
                _total++;
            }
            else
            {
                _leftOut++;
            }

            return isLogged;
        }
    }
}
