################################################################################
#
# unlockpoint
#
################################################################################

# The tree is built where it lies. The golang infrastructure builds without the
# network, and fetches no modules for a local site: "go mod vendor" comes first.
UNLOCKPOINT_VERSION = local
UNLOCKPOINT_SITE = $(BR2_EXTERNAL_UNLOCKPOINT_PATH)/..
UNLOCKPOINT_SITE_METHOD = local
UNLOCKPOINT_LICENSE = Apache-2.0, OFL-1.1 (fonts)
UNLOCKPOINT_LICENSE_FILES = LICENSE display/theme/fonts/OFL.txt
UNLOCKPOINT_DEPENDENCIES = host-pkgconf pcsc-lite
UNLOCKPOINT_GOMOD = unlockpoint
UNLOCKPOINT_BUILD_TARGETS = cmd/terminal

# Buildroot copies the tree without its repository, so that Go cannot read
# which commit it builds, and when that was made.
UNLOCKPOINT_STAMP = $(shell git -C $(UNLOCKPOINT_SITE) log -1 --format=%h,%cI --abbrev=12 2>/dev/null)
UNLOCKPOINT_LDFLAGS = -s -w -X unlockpoint/cmd/settings.stamp=$(UNLOCKPOINT_STAMP)

$(eval $(golang-package))
