using System.Globalization;
using System.Text;
using Freshet.FileSystem;
using Freshet.Persistence;
using Freshet.SimulatedFiles;

namespace Freshet.Tests.Persistence;

public class StateLockTests
{
    private readonly SimulatedFileSystem _system = new();

    public StateLockTests() => _system.Put("/state", new NamedEntry(FileKind.Folder));

    [Fact]
    public void The_only_holder_leaves_its_process_id_for_people_to_find()
    {
        using StateLock held = StateLock.Take(_system, "/state", isShared: false);
        string holder = Encoding.UTF8.GetString(_system.ReadAll("/state/lock")!);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n"), holder);
    }

    [Fact]
    public void A_holder_that_shares_it_writes_nothing()
    {
        using StateLock held = StateLock.Take(_system, "/state", isShared: true);
        Assert.Empty(_system.ReadAll("/state/lock")!);
    }
}
