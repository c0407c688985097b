using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>
/// How the records of the API become JSON, without reflection. Records with bytes that may be null are written by their metadata: the
/// generated code that writes directly, which the serializer turns to after some use, makes an empty string of null.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = 16)]
[JsonSerializable(typeof(AddPeers))]
[JsonSerializable(typeof(AddTorrent), GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AuthenticationInfo))]
[JsonSerializable(typeof(BulkRequest))]
[JsonSerializable(typeof(BulkResult))]
[JsonSerializable(typeof(ContentTicket))]
[JsonSerializable(typeof(CreateTorrent))]
[JsonSerializable(typeof(CreationItem))]
[JsonSerializable(typeof(CreationList))]
[JsonSerializable(typeof(FileChange))]
[JsonSerializable(typeof(FileList))]
[JsonSerializable(typeof(FileRename))]
[JsonSerializable(typeof(FolderInfo))]
[JsonSerializable(typeof(FolderRename))]
[JsonSerializable(typeof(InspectTorrent), GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(InspectedTorrent))]
[JsonSerializable(typeof(LogItem))]
[JsonSerializable(typeof(LogPage))]
[JsonSerializable(typeof(Login))]
[JsonSerializable(typeof(MoveTorrent))]
[JsonSerializable(typeof(PeerList))]
[JsonSerializable(typeof(PieceMap))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(QueueRequest))]
[JsonSerializable(typeof(RateHistory))]
[JsonSerializable(typeof(SessionChange))]
[JsonSerializable(typeof(SessionInfo))]
[JsonSerializable(typeof(SessionSettings))]
[JsonSerializable(typeof(SessionState))]
[JsonSerializable(typeof(SessionStatistics))]
[JsonSerializable(typeof(SnapshotEvent))]
[JsonSerializable(typeof(TorrentChange))]
[JsonSerializable(typeof(TorrentDetails))]
[JsonSerializable(typeof(TorrentItem))]
[JsonSerializable(typeof(TorrentPage))]
[JsonSerializable(typeof(TrackerList))]
[JsonSerializable(typeof(WebSeedList))]
public sealed partial class JsonContext : JsonSerializerContext;
