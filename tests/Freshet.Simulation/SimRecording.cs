using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Persistence;
using Freshet.Running;

namespace Freshet.Simulation;

/// <summary>
/// How a run of a peer's program is recorded: by the engine's own <see cref="Checkpoints"/>, <see cref="Recording"/> and
/// <see cref="TorrentHistory"/>, on the same occasions as in a session.
/// </summary>
internal sealed class SimRecording : IRecordedTorrent
{
    private readonly SimRun _run;
    private readonly SimPeer _peer;
    private readonly SimSwarm _swarm;
    private readonly DiskPatience _patience;
    private readonly Checkpoints _checkpoints;
    private readonly Recording _recording;
    private Task _ending = Task.CompletedTask;
    private bool _isRunning;
    private bool _mustResume;

    public SimRecording(SimRun run, SimPeer peer, SimSwarm swarm)
    {
        _run = run;
        _peer = peer;
        _swarm = swarm;
        SimTime time = new(swarm.Clock);
        TorrentRecord record = peer.Disk.Files.Memory.Record;
        History = new TorrentHistory(new SessionClock(time, record.Clock), time, record, isRestored: true);
        _patience = new DiskPatience(time);
        _checkpoints = new Checkpoints(this, _patience);
        _recording = new Recording(this, _checkpoints, _patience);
    }

    public TorrentMachine Machine => _run.Machine;

    public TorrentMemory Memory => _peer.Disk.Files.Memory;

    public TorrentHistory History { get; }

    public IRecordedData? Data => Machine.HasContent ? _peer.Disk : null;

    public TorrentOptions Options { get; } = new();

    public TimeSpan CheckpointInterval => _peer.Options.BetweenCheckpoints;

    /// <summary>Whether the end of the last run is recorded, as far as the disk allows it.</summary>
    public bool IsEndRecorded => _ending.IsCompleted;

    /// <summary>The latest time for the next call of <see cref="Tick"/>.</summary>
    public Timestamp NextDue => _isRunning ? _checkpoints.NextDue : Timestamp.Never;

    private Timestamp Now => _swarm.Clock.Now;

    /// <summary>Starts the machine.</summary>
    public void Start(StartingPoint start)
    {
        _isRunning = true;
        _checkpoints.Begin(Now);
        if (History.Run is RunState.Stopped or RunState.Failed)
            History.Enter(RunState.Running);
        History.OnStarting(Machine.Snapshot(Now));
        _run.Input.Start(start, Now);
        if (start.ToCheck is not null)
            _checkpoints.MarkDirty();
    }

    /// <summary>Stops the machine, and records the end.</summary>
    /// <param name="isWanted">Whether it goes on at the next start of the program.</param>
    public void Stop(bool isWanted)
    {
        bool wasChecked = !Machine.IsCheckUnfinished;
        _run.Input.Stop(Now);
        _isRunning = false;
        _mustResume = false;
        _ending = EndAsync(wasChecked, isWanted);
        _swarm.Watch(_ending);
    }

    /// <summary>Starts the stopped machine again, once its end is recorded.</summary>
    public void Resume()
    {
        _mustResume = true;
        if (_ending.IsCompleted)
            ResumeNow();
    }

    public void Tick(Timestamp now)
    {
        if (_isRunning)
            _checkpoints.Tick(now);
    }

    /// <summary>A block was sent.</summary>
    public void OnSent() => _checkpoints.MarkNews();

    public void OnFact(TorrentFact fact)
    {
        if (fact is TorrentFact.PieceVerified)
            _checkpoints.MarkDirty();
        else if (fact is TorrentFact.PhaseChanged changed)
            Post(now => OnPhase(changed.Phase, now));
    }

    /// <summary>The disk grants the right to write; the machine may use it once the record says so.</summary>
    public void OnDataClaimed() => _swarm.Watch(ClaimAsync());

    public Task OnLoopAsync(Action<Timestamp> action)
    {
        TaskCompletionSource<bool> done = new();
        Post(now => SimTasks.Complete(done, () =>
        {
            action(now);
            return true;
        }));
        return done.Task;
    }

    public void Wake() => _run.TickSoon();

    public void OnRecorded(int pieces)
    {
        _peer.Trace($"records {pieces} pieces");
        _peer.Disk.Files.NoteRecorded();
    }

    public void Warn(string message) => _peer.Trace($"warns: {message}");

    // What a killed program had still to do is not done.
    private void Post(Action<Timestamp> action) => _swarm.Clock.After(default, () =>
    {
        if (!_run.IsOver)
            action(Now);
    });

    private void OnPhase(TorrentPhase phase, Timestamp now)
    {
        History.Enter(phase);
        if (!phase.IsComplete)
        {
            _checkpoints.OnPhase(phase, now);
            return;
        }

        History.OnCompleted();
        _swarm.Watch(CompleteAsync());
    }

    private async Task CompleteAsync()
    {
        if (!_checkpoints.IsDataRecorded
            && !await _recording.RecordCompletionAsync(_peer.Disk, _patience.Token).ConfigureAwait(false))
            return;
        if (Machine.Phase.IsComplete)
            _peer.Disk.GiveUpClaim();
    }

    private async Task ClaimAsync()
    {
        await _recording.BeginWritingAsync().ConfigureAwait(false);
        _run.Input.OnDataClaimed(Now);
    }

    private async Task EndAsync(bool wasChecked, bool isWanted)
    {
        await _recording.RecordEndAsync(wasChecked, isWanted).ConfigureAwait(false);
        _peer.Disk.GiveUpClaim();
        if (_mustResume)
            ResumeNow();
    }

    private void ResumeNow()
    {
        _mustResume = false;
        Start(new StartingPoint(Machine.Have.Clone(), []) { MustClaim = true });
    }
}
