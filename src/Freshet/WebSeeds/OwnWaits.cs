using Freshet.Connections;
using Freshet.Core.Pieces;
using Freshet.Loops;

namespace Freshet.WebSeeds;

/// <summary>
/// All that a request to a web seed waits for on our side: its turn, memory, and rate. Meanwhile the web seed is not to blame that nothing
/// comes.
/// </summary>
internal sealed class OwnWaits
{
    private readonly WebSeedServices _services;
    private readonly SharedPause _pause;
    private readonly AsyncSignal _wake = new();
    private readonly RateTicket _ticket;
    private readonly CancellationToken _abort;

    public OwnWaits(WebSeedServices services, SharedPause pause, CancellationToken abort)
    {
        _services = services;
        _pause = pause;
        _abort = abort;
        _ticket = new RateTicket(_wake);
        _pause.Count(1, services.Time.Now());
    }

    /// <summary>Ends the wait for rate, which does not look at the token by itself.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Waits for one of the session's requests.</summary>
    public async ValueTask TakeTurnAsync()
    {
        if (_services.Client.TryTakeTurn())
            return;
        using Waiting waiting = new(this);
        await _services.Client.WaitForTurnAsync(_abort).ConfigureAwait(false);
    }

    /// <summary>Waits for a block of the pool.</summary>
    public async ValueTask<BlockLease> RentAsync()
    {
        if (_services.Blocks.TryRent(out BlockLease lease))
            return lease;
        using Waiting waiting = new(this);
        return await _services.Blocks.RentAsync(_abort).ConfigureAwait(false);
    }

    /// <summary>Waits until some of so many bytes may be received, and says how many.</summary>
    public async ValueTask<int> TakeAsync(int wanted)
    {
        int granted = _services.DownloadLimit.Share(wanted);
        if (_services.DownloadLimit.TryTake(granted, _ticket))
            return granted;
        using Waiting waiting = new(this);
        while (!_ticket.TryCollect())
        {
            await _wake.WaitAsync().ConfigureAwait(false);
            _abort.ThrowIfCancellationRequested();
        }

        return granted;
    }

    /// <summary>Gives bytes back that were not received.</summary>
    public void Return(int bytes) => _services.DownloadLimit.Return(bytes);

    /// <summary>The request is over.</summary>
    public void End()
    {
        if (_ticket.TryCollect())
            Return(_ticket.Bytes);
        _ticket.Withdraw();
        _pause.Count(-1, _services.Time.Now());
    }

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
}
