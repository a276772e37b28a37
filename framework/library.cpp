// libfairlead.so: the rooms, linked whole. What is not a room's own is here.
#include <fairlead/exporter.hpp>

namespace fairlead {

std::string Version() { return FAIRLEAD_VERSION; }

}  // namespace fairlead
