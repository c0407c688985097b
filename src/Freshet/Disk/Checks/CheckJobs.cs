using Freshet.Core.Pieces;

namespace Freshet.Disk.Checks;

/// <summary>The queued and running checks, in the order in which they were requested.</summary>
internal sealed class CheckJobs(Action wakeAll)
{
    private readonly Lock _lock = new();
    private readonly List<CheckJob> _jobs = [];
    private volatile bool _hasWork;

    /// <summary>Whether a batch can be taken; cheap.</summary>
    public bool HasWork => _hasWork;

    public void Add(CheckJob job)
    {
        bool isEmpty;
        lock (_lock)
        {
            isEmpty = job.IsFinished;
            if (!isEmpty)
                _jobs.Add(job);
            Update();
        }

        if (isEmpty)
            job.Torrent.Owner.OnCheckFinished();
        else
            wakeAll();
    }

    /// <summary>Takes a batch of the first job that has one.</summary>
    public CheckJob? Take(Span<PieceIndex> batch, out int count)
    {
        lock (_lock)
        {
            foreach (CheckJob job in _jobs)
            {
                count = job.Take(batch);
                if (count > 0)
                {
                    Update();
                    return job;
                }
            }
        }

        count = 0;
        return null;
    }

    /// <summary>Records the end of a batch, and reports the end of its job if that was the last.</summary>
    public void Done(CheckJob job, bool failed)
    {
        bool finished;
        lock (_lock)
        {
            job.Done();
            finished = job.IsFinished && !job.IsCancelled && !failed;
            job.IsCancelled |= failed;
            if (job.IsFinished)
                _jobs.Remove(job);
            Update();
        }

        if (finished)
            job.Torrent.Owner.OnCheckFinished();
    }

    /// <summary>Ends all checks of a torrent.</summary>
    public void Cancel(TorrentDisk torrent)
    {
        lock (_lock)
        {
            foreach (CheckJob job in _jobs)
                job.IsCancelled |= ReferenceEquals(job.Torrent, torrent);
            _jobs.RemoveAll(static job => job.IsFinished);
            Update();
        }
    }

    private void Update() => _hasWork = _jobs.Exists(static job => !job.IsDrained);
}
