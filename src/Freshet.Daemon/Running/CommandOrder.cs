using Freshet.Daemon.Http;

namespace Freshet.Daemon.Running;

/// <summary>
/// The order of commands. Each torrent gets its commands in the order in which the daemon received them, although a command for many
/// torrents begins with most of them later. A command that has not begun is superseded by a newer one that makes it pointless.
/// </summary>
internal sealed class CommandOrder
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Torrent, List<Command>> _waiting = [];

    /// <summary>How many commands for a torrent have not begun, for tests.</summary>
    internal int CountOf(Torrent torrent)
    {
        lock (_lock)
            return _waiting.TryGetValue(torrent, out List<Command>? waiting) ? waiting.Count : 0;
    }

    /// <summary>Gives a command its place behind all earlier ones, for all of its torrents at once.</summary>
    public IReadOnlyList<Command> Enter(IEnumerable<Torrent> torrents, CommandKind kind)
    {
        lock (_lock)
            return [.. torrents.Select(torrent => EnterOne(torrent, kind))];
    }

    private static bool Supersedes(CommandKind newer, CommandKind older) => (newer, older) switch
    {
        // A removal that keeps the files does not do what one that deletes them is for.
        (CommandKind.RemoveWithFiles, not CommandKind.RemoveWithFiles) => true,
        (CommandKind.Remove, not (CommandKind.Remove or CommandKind.RemoveWithFiles)) => true,
        (CommandKind.Start, CommandKind.Stop) or (CommandKind.Stop, CommandKind.Start) => true,
        (CommandKind.Move, CommandKind.Move) => true,
        _ => false,
    };

    private Command EnterOne(Torrent torrent, CommandKind kind)
    {
        if (!_waiting.TryGetValue(torrent, out List<Command>? earlier))
            _waiting[torrent] = earlier = [];
        foreach (Command pointless in earlier.Where(command => !command.HasBegun && Supersedes(kind, command.Kind)).ToArray())
        {
            earlier.Remove(pointless);
            pointless.Supersede();
        }

        Command entered = new(this, torrent, kind);
        earlier.Add(entered);
        earlier[0].Allow();
        return entered;
    }

    private bool TryBegin(Command command)
    {
        lock (_lock)
            return command.TryBegin();
    }

    private void Leave(Command command)
    {
        lock (_lock)
        {
            List<Command> waiting = _waiting[command.Torrent];
            waiting.Remove(command);
            if (waiting.Count == 0)
                _waiting.Remove(command.Torrent);
            else
                waiting[0].Allow();
        }
    }

    /// <summary>
    /// A command for one torrent, which waits until all earlier ones have begun. Its state is guarded by the order's lock.
    /// </summary>
    internal sealed class Command(CommandOrder order, Torrent torrent, CommandKind kind)
    {
        private readonly TaskCompletionSource _allowed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _isSuperseded;

        public Torrent Torrent => torrent;

        public CommandKind Kind => kind;

        public bool HasBegun { get; private set; }

        /// <summary>
        /// Runs the command in its turn. The next one may begin once this one has been passed on to the engine, which keeps the order.
        /// </summary>
        /// <exception cref="ApiException">A newer command has superseded this one.</exception>
        public async Task RunAsync(Func<Torrent, Task> act)
        {
            await _allowed.Task.ConfigureAwait(false);
            if (!order.TryBegin(this))
            {
                throw new ApiException(
                    409, "superseded", $"{torrent.Name}: a newer command for it came before this one had begun.");
            }

            Task acting;
            try
            {
                acting = act(torrent);
            }
            finally
            {
                order.Leave(this);
            }

            await acting.ConfigureAwait(false);
        }

        public void Allow() => _allowed.TrySetResult();

        public void Supersede()
        {
            _isSuperseded = true;
            Allow();
        }

        public bool TryBegin()
        {
            HasBegun = !_isSuperseded;
            return HasBegun;
        }
    }
}
