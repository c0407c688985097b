using System.Net;
using System.Runtime.InteropServices;
using Freshet.Core.Peers;
using Freshet.Core.Torrents;

namespace Freshet.Core.Sessions;

/// <summary>
/// Decides what torrents compete for: connections, dials, upload slots, turns to be checked and to be active, and memory for payload. Each
/// torrent reports what it could use and receives an allotment; it never asks for more, so no request is made in vain. A torrent that wants
/// nothing costs nothing here.
/// </summary>
/// <remarks>
/// Everything is divided evenly: a torrent gets what it wants up to a level at which everything has been assigned
/// (<see cref="FairShare"/>). Connections are not taken away as long as there is room. In a full session, a torrent with fewer than its
/// share gets a connection at the expense of the torrent that has the most, and a torrent at its share can accept a newcomer only in
/// exchange. Allotted dials count as connections, and a connection counts until its torrent reports its end, so the sum exceeds the limit
/// at most by the incoming connections that replace others. Memory is divided by a single number, the most blocks that any torrent may
/// hold, since its use changes thousands of times a second: a torrent that wants less is not affected, and the sum of all wants, each
/// capped at that number, never exceeds the memory.
/// <para>
/// An input costs the same however many torrents there are. <see cref="Divide"/> looks at each active torrent a few times: 0.7 ms
/// for 10,000 of them, on one core of a busy virtual machine.
/// </para>
/// </remarks>
internal sealed class SessionMachine(SessionLimits limits, ISessionEffects effects)
{
    // The most torrents asked to close a connection in one turn, so that many torrents that start at once do not disrupt the others.
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

    /// <summary>All connections whose end has not been reported by a torrent.</summary>
    public int Connections { get; private set; }

    /// <summary>Torrents that use or want a shared resource.</summary>
    public int ActiveTorrents => _active.Count;

    /// <summary>The limits have changed.</summary>
    public void Apply(SessionLimits limits)
    {
        _limits = limits;
        _isDirty = true;
    }

    /// <summary>A torrent reports what it could use now.</summary>
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

    /// <summary>A torrent's position in the order; smaller numbers are served first.</summary>
    public void OnPlaced(TorrentKey key, long position)
    {
        Competitor torrent = Find(key);
        QueueTurns.Place(torrent, position);
        _isDirty |= torrent.Queue is not null;
    }

    /// <summary>A measurement of how many payload blocks a torrent could hold: more than it holds if it had to wait for blocks.</summary>
    public void OnBlocksWanted(TorrentKey key, int blocks)
    {
        Competitor torrent = Find(key);
        torrent.WantedBlocks = blocks;
        Activate(torrent);
    }

    /// <summary>A torrent is gone, with all its connections.</summary>
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

    /// <summary>A torrent has established a connection that it dialled.</summary>
    public void OnConnected(TorrentKey key, Origin network) => Count(Find(key), network);

    /// <summary>A connection of a torrent has closed, whoever opened it.</summary>
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

    /// <summary>A torrent that was asked to close a connection has none that it can close.</summary>
    public void OnNoRoomMade(TorrentKey key)
    {
        if (!_torrents.TryGetValue(key, out Competitor? torrent) || torrent.Ending == 0)
            return;
        torrent.Ending--;
        _ending--;
        _byConnections.Update(torrent);
    }

    /// <summary>
    /// An incoming connection for a torrent. Answered at once by Admit or Refuse; once admitted, it counts as the torrent's.
    /// </summary>
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

    /// <summary>
    /// Recomputes the division if anything changed, and notifies the torrents whose allotment has changed. To be called once after a batch
    /// of inputs.
    /// </summary>
    public void Divide()
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


        // At least one each: with fewer slots than torrents, some torrents would never upload.
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
            Allot(torrent, new Allotment(dialled, Math.Min(torrent.Demand.UploadSlots, slots), torrent.MayCheck)
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

    private void Allot(Competitor torrent, Allotment allotment)
    {
        if (torrent.Allotment == allotment)
            return;
        torrent.Allotment = allotment;
        effects.Allot(torrent.Key, allotment);
    }

    private int DialsToGive() => Math.Max(0, Math.Min(_limits.Dials, _limits.Connections - Connections));

    // In a full session, torrents below their share get connections of torrents above it.
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

    // Takes a connection from the torrent with the most, if it has clearly more than this one.
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

    // At least one block each: with more torrents than blocks, they wait for each other at the block pool.
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
