namespace Freshet.Daemon.Running;

/// <summary>What a command does with a torrent, as far as the order of commands depends on it.</summary>
internal enum CommandKind
{
    Start,
    Stop,
    Recheck,
    Reannounce,
    Change,
    Move,
    Remove,
    RemoveWithFiles,
}
