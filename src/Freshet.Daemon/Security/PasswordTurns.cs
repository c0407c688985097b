using System.Net;
using Freshet.Daemon.Http;

namespace Freshet.Daemon.Security;

/// <summary>
/// One password at a time; the others wait. Areas (an IPv4 /24 or an IPv6 /48) take turns, so that whoever is alone in theirs waits for one
/// password of each other area and not for all that were there before. When all places are taken, a newcomer gets that of the last one of
/// the area that has most, if that stays ahead of the newcomer's own; nobody else loses a place.
/// </summary>
/// <param name="most">How many may wait.</param>
internal sealed class PasswordTurns(int most)
{
    private readonly Lock _lock = new();

    // In the order of arrival.
    private readonly List<Waiter> _waiting = [];
    private bool _isTaken;
    private long _round;

    /// <summary>How many wait, for tests.</summary>
    internal int Waiting
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    /// <summary>Waits for a turn, which lasts until the result is disposed.</summary>
    /// <param name="address">Who logs in.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ApiException">Too many wait.</exception>
    public async Task<IDisposable> TakeAsync(IPAddress? address, CancellationToken cancellationToken)
    {
        Waiter? waiter = Enter(ClientNetwork.AreaOf(address));
        if (waiter is not null)
        {
            await using (cancellationToken.UnsafeRegister(_ => Leave(waiter, cancellationToken), null))
                await waiter.Turn.Task.ConfigureAwait(false);
        }

        return new Turn(this);
    }

    // Null if it is its turn now.
    private Waiter? Enter(IPAddress area)
    {
        Waiter? displaced = null;
        Waiter waiter;
        lock (_lock)
        {
            if (!_isTaken)
            {
                _isTaken = true;
                return null;
            }

            if (_waiting.Count >= most)
                displaced = MakeRoom(area);
            waiter = new Waiter(area, Math.Max(_round, _waiting.FindLast(each => each.Area.Equals(area))?.Round + 1 ?? 0));
            _waiting.Add(waiter);
        }

        displaced?.Turn.TrySetException(TooMany());
        return waiter;
    }

    private Waiter MakeRoom(IPAddress area)
    {
        IGrouping<IPAddress, Waiter> crowd = _waiting.GroupBy(each => each.Area).MaxBy(each => each.Count())!;
        if (crowd.Count() <= _waiting.Count(each => each.Area.Equals(area)) + 1)
            throw TooMany();
        Waiter last = crowd.Last();
        _waiting.Remove(last);
        return last;
    }

    private void Leave(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_waiting.Remove(waiter))
                return;
        }

        waiter.Turn.TrySetCanceled(cancellationToken);
    }

    private void End()
    {
        Waiter? next;
        lock (_lock)
        {
            next = _waiting.MinBy(each => each.Round);
            _isTaken = next is not null;
            if (next is null)
                return;
            _waiting.Remove(next);
            _round = next.Round;
        }

        next.Turn.SetResult();
    }

    private ApiException TooMany() =>
        ApiException.TooMany($"{most} passwords are waiting to be checked already.", TimeSpan.FromSeconds(5));

    // An area has one in each round.
    private sealed record Waiter(IPAddress Area, long Round)
    {
        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Turn(PasswordTurns turns) : IDisposable
    {
        private PasswordTurns? _turns = turns;

        public void Dispose() => Interlocked.Exchange(ref _turns, null)?.End();
    }
}
