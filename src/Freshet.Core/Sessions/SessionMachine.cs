using System.Net;
using System.Runtime.InteropServices;
using Freshet.Core.Peers;
using Freshet.Core.Torrents;

namespace Freshet.Core.Sessions;

/// <summary>
/// Decides what torrents compete for: connections, dials, upload slots, turns at being checked and at being
/// active, memory for payload. Each torrent tells what
/// it could use and is told what it may; it asks for no more, so nothing is tried in vain. A torrent that wants nothing costs nothing here.
/// </summary>
/// <remarks>
/// Everything is divided alike: a torrent gets what it wants up to a level at which all is given out (<see cref="FairShare"/>). Connections
/// are not taken away as long as there is room. In a full session a torrent with fewer than its share gets one at the expense of the one
/// that has most, and a torrent with its share can take a newcomer only in exchange. Dials that are allotted count as connections, and a
/// connection counts until its torrent says that it ended, so the sum never exceeds the limit by more than the incoming ones that replace
/// others. Memory is divided by one number for all, the most that a torrent may hold, since what is taken there changes thousands of times
/// a second: a torrent that wants less is not affected, and the sum of what they want up to it never exceeds what there is.
/// <para>
/// An input costs the same however many torrents there are. <see cref="Settle"/> looks at each active torrent a few times: 0.7 ms
/// for 10,000 of them, on one core of a busy virtual machine.
/// </para>
/// </remarks>
internal sealed class SessionMachine(SessionLimits limits, ISessionEffects effects)
{
    // Torrents told to end a connection in one turn, so that many that begin at once do not shake the others.
    private const int MostMoves = 8;

    private readonly Dictionary<TorrentKey, Competitor> _torrents = [];
    private readonly List<Competitor> _active = [];
    private readonly Dictionary<Origin, int> _ofNetwork = [];
    private readonly DialTurns _dials = new();
    private readonly CheckTurns _checks = new();
    private readonly QueueTurns _queue = new();
    private readonly RichestFirst _byConnections = new();
    private readonly FairShare _connectionWants = new();
    private readonly FairShare _slotWants = new();
    private readonly FairShare _dialWants = new();
    private readonly FairShare _blockWants = new();
    private SessionLimits _limits = limits;
    private int _mostBlocks = limits.Blocks;
    private int _ending;
    private bool _isDirty;

    /// <summary>All connections of which a torrent has not said that they ended.</summary>
    public int Connections { get; private set; }

    /// <summary>Torrents that use or want anything of what is shared.</summary>
    public int ActiveTorrents => _active.Count;

    /// <summary>The limits changed.</summary>
    public void Apply(SessionLimits limits)
    {
        _limits = limits;
        _isDirty = true;
    }

    /// <summary>A torrent says what it could use now.</summary>
    public void OnDemand(TorrentKey key, TorrentDemand demand)
    {
        Competitor torrent = Find(key);
        if (demand.Check)
            _checks.Join(torrent);
        else
            _checks.Leave(torrent);
        _queue.Join(torrent, demand.Wants);
        torrent.Demand = demand;
        Activate(torrent);
    }

    /// <summary>A torrent has this place among all: those with smaller numbers have their turns before it.</summary>
    public void OnPlaced(TorrentKey key, long position)
    {
        Competitor torrent = Find(key);
        QueueTurns.Place(torrent, position);
        _isDirty |= torrent.Queue is not null;
    }

    /// <summary>It was measured how many blocks of payload a torrent could hold: more than it holds, if it had to wait for them.</summary>
    public void OnBlocksWanted(TorrentKey key, int blocks)
    {
        Competitor torrent = Find(key);
        torrent.WantedBlocks = blocks;
        Activate(torrent);
    }

    /// <summary>A torrent is gone, and all its connections with it.</summary>
    public void OnGone(TorrentKey key)
    {
        if (!_torrents.Remove(key, out Competitor? torrent))
            return;
        foreach (Origin network in torrent.Networks)
            Uncount(network);
        Connections -= torrent.Connections;
        _ending -= torrent.Ending;
        _checks.Leave(torrent);
        QueueTurns.Leave(torrent);
        _byConnections.Remove(torrent);
        Deactivate(torrent);
        _isDirty = true;
    }

    /// <summary>A torrent has a connection that it dialled.</summary>
    public void OnConnected(TorrentKey key, Origin network) => Count(Find(key), network);

    /// <summary>A connection of a torrent ended, whoever made it.</summary>
    public void OnDisconnected(TorrentKey key, Origin network)
    {
        if (!_torrents.TryGetValue(key, out Competitor? torrent) || !torrent.Networks.Remove(network))
            return;
        if (torrent.Ending > 0)
        {
            torrent.Ending--;
            _ending--;
        }

        Connections--;
        Uncount(network);
        _byConnections.Update(torrent);
        _isDirty = true;
    }

    /// <summary>A torrent that was to end a connection has none that it could end.</summary>
    public void OnNoRoomMade(TorrentKey key)
    {
        if (!_torrents.TryGetValue(key, out Competitor? torrent) || torrent.Ending == 0)
            return;
        torrent.Ending--;
        _ending--;
        _byConnections.Update(torrent);
    }

    /// <summary>A connection came in for a torrent. Answered at once, by Admit or Refuse; admitted, it counts as the torrent's.</summary>
    public void OnIncoming(IncomingKey connection, TorrentKey key, IPAddress address)
    {
        Origin network = Origin.OfNetwork(address);
        int mostOfOne = Math.Max(Limits.MinPeersPerNetwork, _limits.Connections / Limits.NetworkShare);
        bool isCrowded = _ofNetwork.GetValueOrDefault(network) >= mostOfOne && !IPAddress.IsLoopback(address);
        if (isCrowded || Connections >= _limits.Connections + _limits.IncomingBeyond)
        {
            effects.Refuse(connection);
            return;
        }

        Competitor torrent = Find(key);
        bool isFull = Connections - _ending >= _limits.Connections;
        bool mustReplace = isFull && !TryMoveRoomTo(torrent);
        Count(torrent, network);
        effects.Admit(connection, mustReplace);
    }

    /// <summary>Divides anew if anything changed, and tells those whose allotment is another now. Once after a batch of inputs.</summary>
    public void Settle()
    {
        if (!_isDirty)
            return;
        _isDirty = false;
        Collect();
        int share = _connectionWants.Level(_limits.Connections, out int more);
        foreach (Competitor torrent in _active)
        {
            torrent.WantedDials = Math.Clamp((more > 0 ? share + 1 : share) - torrent.Remaining, 0, torrent.Demand.Dials);
            _dialWants.Add(torrent.WantedDials);
        }


        // Each gets one at least: with fewer slots than torrents, some would never upload.
        int slots = Math.Max(1, _slotWants.Level(_limits.UploadSlots, out _));
        int dials = _dialWants.Level(DialsToGive(), out int moreDials);
        _dials.Serve(_active, dials, moreDials);
        MoveRoomToThePoor();
        _checks.Serve(_limits.Checks);
        _queue.Serve(_limits.Queue);
        DivideMemory();
        for (int i = _active.Count - 1; i >= 0; i--)
        {
            Competitor torrent = _active[i];
            int dialled = Math.Min(torrent.WantedDials, dials) + (torrent.HasDialTurn ? 1 : 0);
            Tell(torrent, new Allotment(dialled, Math.Min(torrent.Demand.UploadSlots, slots), torrent.MayCheck)
            {
                Waits = torrent.Waits,
                WaitsForCheck = torrent.WaitsForCheck,
            });
            if (!torrent.IsActive)
                Deactivate(torrent);
        }
    }

    private void Collect()
    {
        _connectionWants.Clear();
        _slotWants.Clear();
        _dialWants.Clear();
        _blockWants.Clear();
        foreach (Competitor torrent in _active)
        {
            _connectionWants.Add(torrent.Remaining + torrent.Demand.Dials);
            _slotWants.Add(torrent.Demand.UploadSlots);
            _blockWants.Add(torrent.WantedBlocks);
        }
    }

    private void Tell(Competitor torrent, Allotment allotment)
    {
        if (torrent.Told == allotment)
            return;
        torrent.Told = allotment;
        effects.Allot(torrent.Key, allotment);
    }

    private int DialsToGive() => Math.Max(0, Math.Min(_limits.Dials, _limits.Connections - Connections));

    // In a full session, those with fewer connections than their share get some of those that have more.
    private void MoveRoomToThePoor()
    {
        if (DialsToGive() > 0)
            return;
        int moves = 0;
        foreach (Competitor torrent in _active)
        {
            if (moves == MostMoves)
                return;
            if (torrent.WantedDials > 0 && TryMoveRoomTo(torrent))
                moves++;
        }
    }

    // Takes a connection from the torrent that has most, if that is clearly more than this one has.
    private bool TryMoveRoomTo(Competitor poor)
    {
        if (_byConnections.Richest is not { } rich || rich.Remaining <= poor.Remaining + 1)
            return false;
        rich.Ending++;
        _ending++;
        _byConnections.Update(rich);
        effects.MakeRoom(rich.Key);
        return true;
    }

    // Each gets one at least: with more torrents than blocks, they wait for each other where the blocks are.
    private void DivideMemory()
    {
        int level = _blockWants.Level(_limits.Blocks, out _);
        int most = Math.Clamp(level, 1, _limits.Blocks);
        if (most == _mostBlocks)
            return;
        _mostBlocks = most;
        effects.AllotBlocks(most);
    }

    private Competitor Find(TorrentKey key)
    {
        ref Competitor? torrent = ref CollectionsMarshal.GetValueRefOrAddDefault(_torrents, key, out _);
        return torrent ??= new Competitor(key);
    }

    private void Count(Competitor torrent, Origin network)
    {
        torrent.Networks.Add(network);
        Connections++;
        CollectionsMarshal.GetValueRefOrAddDefault(_ofNetwork, network, out _)++;
        _byConnections.Update(torrent);
        Activate(torrent);
    }

    private void Uncount(Origin network)
    {
        if (--CollectionsMarshal.GetValueRefOrAddDefault(_ofNetwork, network, out _) <= 0)
            _ofNetwork.Remove(network);
    }

    private void Activate(Competitor torrent)
    {
        _isDirty = true;
        if (torrent.Place >= 0 || !torrent.IsActive)
            return;
        torrent.Place = _active.Count;
        _active.Add(torrent);
    }

    private void Deactivate(Competitor torrent)
    {
        if (torrent.Place < 0)
            return;
        Competitor last = _active[^1];
        _active[torrent.Place] = last;
        last.Place = torrent.Place;
        _active.RemoveAt(_active.Count - 1);
        torrent.Place = -1;
    }
}
