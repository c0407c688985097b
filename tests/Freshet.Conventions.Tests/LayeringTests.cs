using System.Net.Sockets;
using System.Xml.Linq;
using Freshet.Conventions.Tests.Floors;
using Freshet.Core.Metainfo;

namespace Freshet.Conventions.Tests;

public class LayeringTests
{
    public static TheoryData<string, string[]> Layers => new()
    {
        { "Freshet.Core", [] },
        { "Freshet", ["Freshet.Core"] },
        { "Freshet.Extensions.Hosting", ["Freshet"] },
        { "Freshet.Tracker", ["Freshet.Core"] },
        { "Freshet.Api", [] },
        { "Freshet.Daemon", ["Freshet", "Freshet.Api"] },
        { "Freshet.Cli", ["Freshet", "Freshet.Tracker", "Freshet.Api", "Freshet.Daemon"] },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_project_refers_only_to_those_below_it(string project, string[] allowed)
    {
        XDocument file = XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));
        IEnumerable<string> referred = file.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Empty(referred.Except(allowed));
    }

    // This looks at the compiled assembly, since some of these namespaces are imported in every file.
    [Theory]
    [InlineData("System.Net.Sockets", "Connections", "Discovery", "Discovery.PortMapping", "Network")]
    [InlineData("System.Net.Http", "Discovery", "Discovery.PortMapping", "WebSeeds")]
    [InlineData("System.IO.MemoryMappedFiles")]
    public void A_namespace_is_used_by_the_folders_that_own_it_and_no_others(string @namespace, params string[] folders)
    {
        IEnumerable<string> users = TypeUses.Of(typeof(Session).Assembly)
            .Where(use => use.Used.Namespace == @namespace && use.Used != typeof(AddressFamily))
            .Select(use => use.User.Namespace!["Freshet".Length..].TrimStart('.'))
            .Distinct();
        Assert.Equal(folders, users.Order());
    }

    // Those who look at files beside it only read them; what a simulated file system can neither fail nor hang is named here.
    [Fact]
    public void Files_are_opened_by_the_file_system_alone()
    {
        Type[] types = [typeof(File), typeof(Directory), typeof(FileInfo), typeof(DirectoryInfo), typeof(FileStream), typeof(RandomAccess)];
        IEnumerable<string> users = TypeUses.Of(typeof(Session).Assembly)
            .Where(use => types.Contains(use.Used))
            .Select(use => use.User.FullName!["Freshet.".Length..])
            .Where(user => !user.StartsWith("FileSystem.", StringComparison.Ordinal))
            .Distinct();
        Assert.Equal(
            [
                "Disk.Creation.FileListing", "Disk.Creation.SourceFiles", "Disk.Files.FolderNames", "Disk.Matching.FileCandidates",
                "Disk.MountPoints", "Network.HostsFile", "Network.NameServers", "Persistence.BlocklistFile", "Persistence.MetainfoLoader",
                "Running.HandleBudget", "Running.SavedNeighbours", "SavedTorrents", "TorrentVerifier",
            ],
            users.Order());
    }

    // Code that sees all parts could change what belongs to another part.
    [Fact]
    public void Only_the_machine_of_a_torrent_sees_its_parts_together()
    {
        IEnumerable<string> users = TypeUses.In(typeof(TorrentMetainfo).Assembly)
            .Where(use => use.Used.Name == "TorrentParts")
            .Select(use => use.User.Name);
        Assert.Equal(["TorrentMachine"], users);
    }

    [Theory]
    [InlineData("Freshet.Core")]
    [InlineData("Freshet")]
    [InlineData("Freshet.Tracker")]
    [InlineData("Freshet.Daemon")]
    public void The_command_line_uses_only_what_is_open_to_every_program(string library)
    {
        XDocument file = XDocument.Load(Path.Combine(Repository.Root, "src", library, library + ".csproj"));
        IEnumerable<string> friends = file.Descendants("InternalsVisibleTo").Select(friend => friend.Attribute("Include")!.Value);
        Assert.DoesNotContain(friends, friend =>
            friend.StartsWith("Freshet.Cli", StringComparison.Ordinal) || friend == "Freshet.Daemon");
    }
}
