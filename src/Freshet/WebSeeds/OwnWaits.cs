using Freshet.Connections;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.WebSeeds;
using Freshet.Loops;

namespace Freshet.WebSeeds;

/// <summary>
/// Everything on our side that a request to a web seed waits for: its turn, memory and rate. The web seed is not to blame for these pauses.
/// Once a request has its turn and has received a block, it may wait for <see cref="WebSeedLimits.MaxOwnWaitSeconds"/> in total; then it
/// ends, so that others get a turn.
/// </summary>
internal sealed class OwnWaits : IDisposable
{
    private readonly WebSeedServices _services;
    private readonly SharedPause _pause;
    private readonly AsyncSignal _wake = new();
    private readonly RateTicket _ticket;
    private readonly CancellationToken _abort;
    private readonly CancellationTokenSource _patience;
    private bool _hasBlock;
    private TimeSpan _left = TimeSpan.FromSeconds(WebSeedLimits.MaxOwnWaitSeconds);

    public OwnWaits(WebSeedServices services, SharedPause pause, CancellationToken abort)
    {
        _services = services;
        _pause = pause;
        _abort = abort;
        _ticket = new RateTicket(_wake);
        _patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, services.Time);
        _patience.Token.Register(Wake);
        _pause.Count(1, services.Time.Now());
    }

    /// <summary>A block was received: the request was worth its turn.</summary>
    public void OnBlock() => _hasBlock = true;

    /// <summary>Whether it has waited for too long.</summary>
    public bool IsOver => _patience.IsCancellationRequested;

    /// <summary>Ends a wait for rate, which does not observe the token by itself.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Returns the turn.</summary>
    public void GiveTurnBack()
    {
        _services.Client.GiveTurnBack();
        _services.Turns.Release();
    }

    /// <summary>Waits for one of the torrent's slots for requests, and for one of the session's.</summary>
    public async ValueTask TakeTurnAsync()
    {
        using Waiting waiting = new(this);
        await _services.Turns.WaitAsync(_abort).ConfigureAwait(false);
        try
        {
            await _services.Client.WaitForTurnAsync(_abort).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _services.Turns.Release();
            throw;
        }
    }

    /// <summary>Waits for a block of the pool.</summary>
    public async ValueTask<BlockLease> RentAsync()
    {
        if (_services.Blocks.TryRent(out BlockLease lease))
            return lease;
        using Waiting waiting = new(this);
        using PatientWait wait = new(this);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(_abort, _patience.Token);
        return await _services.Blocks.RentAsync(either.Token).ConfigureAwait(false);
    }

    /// <summary>Waits until bytes may be received, and returns how many of those wanted.</summary>
    public async ValueTask<int> TakeAsync(int wanted)
    {
        int granted = _services.DownloadLimit.Share(wanted);
        if (_services.DownloadLimit.TryTake(granted, _ticket))
            return granted;
        using Waiting waiting = new(this);
        using PatientWait wait = new(this);
        _pause.BeginLimit(_ticket.HeldFor(default), _services.Time.Now());
        try
        {
            while (!_ticket.TryCollect())
            {
                await _wake.WaitAsync().ConfigureAwait(false);
                _abort.ThrowIfCancellationRequested();
                _patience.Token.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            _pause.EndLimit(_services.Time.Now());
        }

        return granted;
    }

    /// <summary>Returns bytes that were not received.</summary>
    public void Return(int bytes) => _services.DownloadLimit.Return(bytes);

    /// <summary>Ends the request.</summary>
    public void End()
    {
        if (_ticket.TryCollect())
            Return(_ticket.Bytes);
        _ticket.Withdraw();
        _pause.Count(-1, _services.Time.Now());
    }

    public void Dispose() => _patience.Dispose();

    private readonly struct Waiting : IDisposable
    {
        private readonly OwnWaits _waits;

        public Waiting(OwnWaits waits)
        {
            _waits = waits;
            _waits._pause.Wait(true, waits._services.Time.Now());
        }

        public void Dispose() => _waits._pause.Wait(false, _waits._services.Time.Now());
    }

    /// <summary>A wait that counts against the time limit.</summary>
    private readonly struct PatientWait : IDisposable
    {
        private readonly OwnWaits _waits;
        private readonly Timestamp _began;

        public PatientWait(OwnWaits waits)
        {
            _waits = waits;
            _began = waits._services.Time.Now();
            if (waits._hasBlock)
                waits._patience.CancelAfter(waits._left);
        }

        public void Dispose()
        {
            if (!_waits._hasBlock)
                return;
            _waits._patience.CancelAfter(Timeout.InfiniteTimeSpan);
            TimeSpan left = _waits._left - (_waits._services.Time.Now() - _began);
            _waits._left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
