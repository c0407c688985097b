using Freshet.Core.Rates;
using Freshet.Loops;
using Microsoft.Extensions.Logging;

namespace Freshet.Diagnostics;

/// <summary>
/// Logs exceptions that escaped from work that must continue, which are always bugs. Of one kind only the first few of a minute are logged,
/// and afterwards how many more there were: if a peer can bring one about, it can do so with every datagram, and would fill the disk. While
/// a flood goes on, each period is twice as long as the one before.
/// </summary>
internal sealed class FaultLog(ILogger logger, TimeProvider time)
{
    /// <summary>Faults of one type at one place that are logged in a period.</summary>
    public const int MostOfAKind = 5;

    /// <summary>Faults of all kinds that are logged in a period.</summary>
    public const int Most = 50;

    private static readonly TimeSpan FirstPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Where, Type Type), int> _logged = [];
    private TimeSpan _period = FirstPeriod;
    private Timestamp _ends;
    private int _total;
    private long _leftOut;

    /// <summary>Logs a fault, or counts it. Called from any thread.</summary>
    /// <param name="where">The place, in words.</param>
    /// <param name="fault">The exception.</param>
    public void Report(string where, Exception fault)
    {
        Tick();
        if (IsLogged((where, fault.GetType())))
            Log.EscapedException(logger, where, fault);
    }

    /// <summary>Logs how many faults were left out of a period that is over. Called often, from any thread.</summary>
    public void Tick()
    {
        lock (_lock)
        {
            Timestamp now = time.Now();
            if (now < _ends)
                return;
            _period = _leftOut == 0 ? FirstPeriod : TimeSpan.FromTicks(Math.Min(2 * _period.Ticks, LongestPeriod.Ticks));
            _ends = now + _period;
            _logged.Clear();
            _total = 0;
        }

        LogLeftOut();
    }

    /// <summary>Logs how many faults were left out so far.</summary>
    public void LogLeftOut()
    {
        if (Interlocked.Exchange(ref _leftOut, 0) is > 0 and long leftOut)
            Log.FaultsLeftOut(logger, leftOut);
    }

    /// <summary>Ends a part; if that fails, the fault is logged, so that the other parts are ended all the same.</summary>
    /// <param name="part">The part, in words.</param>
    /// <param name="end">Ends it.</param>
    public async Task EndAsync(string part, Func<ValueTask> end)
    {
        try
        {
            await end().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Report($"the end of {part}", e);
        }
    }

    /// <summary>Disposes of a part, if there is one, as <see cref="EndAsync(string, Func{ValueTask})"/> does.</summary>
    public Task EndAsync(string part, IAsyncDisposable? disposable) =>
        disposable is null ? Task.CompletedTask : EndAsync(part, disposable.DisposeAsync);

    /// <inheritdoc cref="EndAsync(string, Func{ValueTask})"/>
    public void End(string part, Action end)
    {
        try
        {
            end();
        }
        catch (Exception e)
        {
            Report($"the end of {part}", e);
        }
    }

    /// <inheritdoc cref="EndAsync(string, IAsyncDisposable)"/>
    public void End(string part, IDisposable? disposable)
    {
        if (disposable is not null)
            End(part, disposable.Dispose);
    }

    private bool IsLogged((string, Type) kind)
    {
        lock (_lock)
        {
            int ofKind = _logged.GetValueOrDefault(kind);
            bool isLogged = _total < Most && ofKind < MostOfAKind;
            if (isLogged)
            {
                _logged[kind] = ofKind + 1;
                _total++;
            }
            else
            {
                Interlocked.Increment(ref _leftOut);
            }

            return isLogged;
        }
    }
}
